#!/usr/bin/env bash
# The code that the build generates from db/sql: a wrong argument of a query does not compile, and a bad
# description is refused with its place.
. tests/lib.sh

# compiles CODE: checks the code as the body of a function that adds queries to a batch
compiles() {
	"${CC:-cc}" -std=gnu17 -I. -I"$BERTH_BUILD" -Wall -Wextra -Wconversion -Werror -fsyntax-only -x c - <<-END
		#include "gen/queries.h"
		void add(struct batch *b, struct id id, enum kind kind, int64_t number, double real);
		void add(struct batch *b, struct id id, enum kind kind, int64_t number, double real) {
			(void)b, (void)id, (void)kind, (void)number, (void)real;
			$1
		}
	END
}

# stops WHAT CODE MESSAGE: the compiler refuses the code with that message
stops() {
	check "does not compile: $1" complains 1 "$3" compiles "$2"
}

check "compiles: an id" compiles 'query_lease_show_add(b, id);'
stops "a text for an id" 'query_lease_show_add(b, "x");' 'incompatible type'
stops "a missing argument" 'query_lease_show_add(b);' 'too few arguments'
stops "an argument too many" 'query_lease_show_add(b, id, id);' 'too many arguments'
check "compiles: a text that is null" compiles 'query_pool_show_add(b, NULL);'
stops "an id for a text" 'query_pool_show_add(b, id);' 'incompatible type'
check "compiles: a number" compiles 'query_org_near_add(b, number);'
stops "a real for a number" 'query_org_near_add(b, real);' 'may change value'
stops "a text for a number" 'query_org_near_add(b, "1");' 'without a cast'
check "compiles: a number that can be null" compiles 'query_org_limit_add(b, id, "x", &number, "{}");'
check "compiles: no number where it can be null" compiles 'query_org_limit_add(b, id, "x", NULL, "{}");'
stops "a number for one that can be null" 'query_org_limit_add(b, id, "x", number, "{}");' 'without a cast'
check "compiles: an enum" compiles 'query_pool_add_add(b, id, "x", kind, "[]", "{}", NULL);'
stops "another enum" 'query_pool_add_add(b, id, "x", POOL_OK, "[]", "{}", NULL);' 'enum pool_status'
check "compiles: a member of a row" compiles 'const struct lease *l = NULL; query_lease_show_add(b, l->id);'
stops "a member that the row lacks" 'const struct pool *p = NULL; query_lease_show_add(b, p->seq);' 'no member'

# generate PROGRAM FILE...: runs one of the awk programs on the files
generate() {
	local program=$1
	shift
	rm -rf "$TMPDIR/gen"
	mkdir "$TMPDIR/gen"
	awk -v header="$TMPDIR/gen/$program.h" -v source="$TMPDIR/gen/$program.c" \
		-f db/sql/common.awk -f "db/sql/$program.awk" "$@"
}

generates_nothing() {
	[ -z "$(ls "$TMPDIR/gen")" ]
}

# refuses PROGRAM WHAT LINE REASON TEXT: refuses the text at that line, and writes nothing
refuses() {
	local program=$1 what=$2 line=$3 reason=$4 files=("$TMPDIR/bad")
	[ "$program" = rows ] || files=("$TMPDIR/rows" "${files[@]}")
	printf '%b\n' "$5" >"$TMPDIR/bad"
	check "$program: $what" complains 1 "$TMPDIR/bad:$line: $reason" generate "$program" "${files[@]}"
	check "... and nothing is written" generates_nothing
}

printf '%b\n' '# A comment.\n\nenum kind red green\nrow thing A thing.\n\tid\tid\n\tkind\tkind\tits kind\n\ttext?\tnote' >"$TMPDIR/rows"
check "rows: a good description is taken" generate rows "$TMPDIR/rows"
check "... with its enum" grep -qF 'enum kind { KIND_RED, KIND_GREEN };' "$TMPDIR/gen/rows.h"
check "... and its comments" grep -qF 'enum kind kind; /* its kind */' "$TMPDIR/gen/rows.h"
check "... and its decoder" grep -qF '{"kind", FIELD_ENUM, offsetof(struct thing, kind), kind_names, false}' "$TMPDIR/gen/rows.c"
check "... a text that may be NULL" grep -qF '{"note", FIELD_TEXT, offsetof(struct thing, note), NULL, true}' "$TMPDIR/gen/rows.c"

refuses rows "an unknown word" 1 'expected `enum NAME WORD...`, ' 'rows thing A thing.'
refuses rows "a column before the first row" 1 'expected `enum NAME WORD...`, ' '\tid id'
refuses rows "a column without a name" 2 'expected `enum NAME WORD...`, ' 'row thing A thing.\n\tid'
refuses rows "a column of an unknown type" 3 'unknown type `number`' 'row thing A thing.\n\tid id\n\tnumber size'
refuses rows "a number that may be NULL" 2 'unknown type `int?`' 'row thing A thing.\n\tint? size'
refuses rows "a column that is there twice" 3 '`id` is already the name of a column of row thing' 'row thing A thing.\n\tid id\n\tint id'
refuses rows "a column with a bad name" 2 '`Size` cannot be the name of a column of row thing' 'row thing A thing.\n\tint Size'
refuses rows "a row that is there twice" 3 '`thing` is already the name of a row' 'row thing A thing.\n\tid id\nrow thing Another.'
refuses rows "a row like none above" 2 '`other` is no row above' 'row thing A thing.\n\tlike other'
refuses rows "a column that the other row has" 5 '`id` is already the name of a column of row more' 'row thing A thing.\n\tid id\nrow more More.\n\tlike thing\n\tint id'
refuses rows "a row without a comment" 1 'expected `row NAME COMMENT`' 'row thing'
refuses rows "an enum without words" 1 'expected `enum NAME WORD...`' 'enum kind'
refuses rows "an enum with the name of a type" 1 'expected `enum NAME WORD...`' 'enum int one two'
refuses rows "an enum with a word twice" 1 '`red` is already the name of a word of enum kind' 'enum kind red red'
refuses rows "a comment that ends too soon" 1 'a comment cannot contain `*/`' 'row thing A */ thing.'

printf '%b\n' '-- name: show(id id, kind kind?,\n--     size positive)\n--     :maybe thing\n-- why\nselect $1;' >"$TMPDIR/good"
check "queries: a good query is taken" generate queries "$TMPDIR/rows" "$TMPDIR/good"
check "... and becomes a function" grep -qF 'size_t query_show_add(struct batch *b, struct id id, const enum kind *kind, int64_t size);' \
	"$TMPDIR/gen/queries.h"

form='expected `-- name: QUERY(ARGUMENT TYPE, ...) :one|:maybe|:many ROW [:hot]`'
refuses queries "SQL without a header" 1 'SQL without a whole `-- name:` line before it' 'select 1;'
refuses queries "an unknown number of rows" 1 'expected `) :one|:maybe|:many ROW`' '-- name: show() maybe thing\n\n-- name: list() :many thing'
refuses queries "a bad number of rows" 1 "$form" '-- name: show() :two thing\nselect 1;'
refuses queries "a bad name" 1 "$form" '-- name: Show() :one thing\nselect 1;'
refuses queries "an unknown mark" 1 "$form" '-- name: show() :one thing :cold\nselect 1;'
refuses queries "a header that does not end" 1 'expected `) :one|:maybe|:many ROW`' '-- name: show(id id'
refuses queries "SQL inside a header" 2 'SQL without a whole `-- name:` line before it' '-- name: show(id id\nselect 1;'
refuses queries "an argument without a type" 1 'expected `ARGUMENT TYPE`, found `id`' '-- name: show(id) :one thing\nselect $1;'
refuses queries "an argument of an unknown type" 2 'unknown type `count` of argument `n`' '--\n-- name: show(n count) :one thing\nselect $1;'
refuses queries "a ? that says nothing" 1 'argument `id`: a `id` can be null without `?`' '-- name: show(id id?) :one thing\nselect $1;'
refuses queries "an unknown row" 1 'unknown row `other`' '-- name: show() :one other\nselect 1;'
refuses queries "a query that is there twice" 4 'query `show` is there twice' \
	'-- name: show() :one thing\nselect 1;\n\n-- name: show() :one thing\nselect 1;'
refuses queries "a query without SQL" 1 'query `show` has no SQL' '-- name: show() :one thing\n\n-- name: list() :many thing\nselect 1;'
