# Writes the named queries to the files that the variables `header` and `source`
# name: an enum, a table, and for each query a function that adds it to a batch.
# The first file is db/sql/rows, the others are SQL:
#
#   -- name: lease_show(id id) :maybe lease
#   -- why it is so, on any number of comment lines
#   select ...;
#
# The header can go on over several comment lines. It names the arguments with
# their types, says how many rows the query answers with (:one, :maybe, :many), and
# of which row type. A `:hot` at its end marks a query that is sent often: the server
# parses it once a session. An argument's type is the type of a column, except count, or
#
#   word       a text; "" stands for null too
#   positive   an int; 0 stands for null
#
# The null of a text is NULL, of an id nil, and of a time TIME_NONE. Any other type
# is null only where a `?` follows it: the function then takes a pointer.
#
# A query that is nothing but the call of a routine of berth says all names in
# full. Any other query looks operators and functions up by name, so the table
# marks it: it runs under a safe search path alone.

BEGIN {
	delete c_type["count"]
	c_type["word"] = c_type["text"]
	c_type["positive"] = c_type["int"]
	split("text json id time word positive", own, " ")
	for (i in own) {
		has_null[own[i]] = 1
	}
	many["one"] = "one"
	many["maybe"] = "at most one"
	many["many"] = "many"
}

function add_argument(name, type,    field, optional, value) {
	optional = sub(/\?$/, "", type)
	if (!(type in c_type)) {
		fail("unknown type `" type "` of argument `" name "`")
	}
	if (optional && type in has_null) {
		fail("argument `" name "`: a `" type "` can be null without `?`")
	}
	value = optional ? "*" name : name
	field = type in is_enum || type == "word" ? "FIELD_TEXT" : type == "positive" ? "FIELD_INT" : "FIELD_" toupper(type)
	value = type in is_enum ? "arg_text(" type "_names[" value "])" : "arg_" type "(" value ")"
	parameters = parameters ", " (optional ? "const " c_type[type] "*" : c_type[type]) name
	values = values "\t    " (optional ? name " == NULL ? arg_null(" field ") : " : "") value ",\n"
	fields = fields (count++ ? ", " : "") field
}

# Begins a query with its whole header.
function begin(text,    n, pairs, pair, i) {
	hot = sub(/ :hot$/, "", text)
	if (text !~ /^-- name: [a-z_]+\([a-z_?, ]*\) :(one|maybe|many) [a-z_]+$/) {
		fail("expected `-- name: QUERY(ARGUMENT TYPE, ...) :one|:maybe|:many ROW [:hot]`")
	}
	row = rows = name = text
	sub(/^-- name: /, "", name)
	sub(/\(.*/, "", name)
	sub(/^.* /, "", row)
	sub(/^.*\) :/, "", rows)
	sub(/ .*/, "", rows)
	if (!(row in is_row)) {
		fail("unknown row `" row "`")
	}
	if (seen[name]++) {
		fail("query `" name "` is there twice")
	}
	body = parameters = values = fields = ""
	count = 0
	gsub(/^[^(]*\(|\).*/, "", text)
	n = split(text, pairs, /, */)
	for (i = 1; i <= n; i++) {
		if (split(pairs[i], pair, " ") != 2) {
			fail("expected `ARGUMENT TYPE`, found `" pairs[i] "`")
		}
		add_argument(pair[1], pair[2])
	}
}

function finish(    call, prototype) {
	if (head != "") {
		fail("expected `) :one|:maybe|:many ROW` at the end of the header", place)
	}
	if (name == "") {
		return
	}
	if (body == "") {
		fail("query `" name "` has no SQL", place)
	}
	sub(/[; \n]+$/, "", body)
	call = body ~ /^select( \* from| from \(select)? berth\.[a-z_]+\([]$0-9a-z_, :[]*\)(::[a-z]+)*(\)? (as )?[a-z]+)?$/
	gsub(/\n/, "\\n\"\n\t    \"", body)
	names = names "\tQUERY_" toupper(name) ",\n"
	table = table "\t[QUERY_" toupper(name) "] = {\"" name "\", QUERY_ROWS_" toupper(rows) ", &row_" row ",\n"
	table = table "\t    " (count ? "(const enum field_type[]){" fields "}" : "NULL") ", " count ", "
	table = table (call ? "true" : "false") ", " (hot ? "true" : "false") ",\n"
	table = table "\t    \"" body "\"},\n"
	prototype = "size_t query_" name "_add(struct batch *b" parameters ")"
	prototypes = prototypes "/* " many[rows] " struct " row " */\n" prototype ";\n\n"
	functions = functions "\n" prototype " {\n\treturn batch_add(b, QUERY_" toupper(name) ", "
	functions = functions (count ? "(const struct arg[]){\n" values "\t}" : "NULL") ");\n}\n"
	name = ""
}

NR == FNR {
	if ($1 == "enum") {
		c_type[$2] = "enum " $2 " "
		is_enum[$2] = 1
	} else if ($1 == "row") {
		is_row[$2] = 1
	}
	next
}

FNR == 1 { finish() }

/^-- name:/ {
	finish()
	place = FILENAME ":" FNR
	head = "--"
}

head != "" && /^--/ {
	head = head substr($0, 3)
	gsub(/[ \t]+/, " ", head)
	if (head ~ /\) :/) {
		begin(head)
		head = ""
	}
	next
}

/^--/ || NF == 0 { next }

{
	if (name == "") {
		fail("SQL without a whole `-- name:` line before it")
	}
	body = body quote($0) "\n"
}

END {
	if (failed) {
		exit 1
	}
	finish()
	print "/*\n * The named queries: made by db/sql/queries.awk from db/sql.\n *" > header
	print " * Each function adds a query to a batch as its next step, and returns the index of" > header
	print " * the step. Of the arguments, a text, an id or a pointer can be null, and a time can" > header
	print " * be TIME_NONE or TIME_NEVER.\n */" > header
	print "#ifndef GEN_QUERIES_H\n#define GEN_QUERIES_H\n\n#include <stddef.h>\n" > header
	print "#include \"gen/rows.h\"\n\nstruct batch;\n" > header
	print "enum query {\n" names "\tQUERY_COUNT\n};\n\n" prototypes "#endif" > header
	print "/* Made by db/sql/queries.awk from db/sql. */" > source
	print "#include \"gen/queries.h\"\n\n#include \"db/batch/arg.h\"\n#include \"db/batch/query.h\"\n" > source
	print "const struct statement statements[QUERY_COUNT] = {\n" table "};" > source
	print "\nconst size_t statement_count = QUERY_COUNT;" > source
	printf "%s", functions > source
}
