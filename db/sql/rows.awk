# Writes what db/sql/rows describes to the files that the variables `header` and
# `source` name: enums and structs, decoder tables and the words of the enums.

# Returns the word if it can be the name of `what`, which must be a new one.
function name_of(what, word) {
	if (word !~ /^[a-z][a-z0-9_]*$/) {
		fail("`" word "` cannot be the name of " what)
	}
	if (seen[what, word]++) {
		fail("`" word "` is already the name of " what)
	}
	return word
}

# Returns what follows the first two words of the line as a comment of C, or "".
function comment(text) {
	text = $0
	sub(/^[ \t]*[^ \t]+[ \t]+[^ \t]+[ \t]*/, "", text)
	return text == "" ? "" : " /* " text " */"
}

# Adds the column that the line describes to the row.
function add_column(type, column) {
	type = $1
	sub(/[?]$/, "", type)
	if (!(type in c_type) || (type != $1 && type != "text" && type != "json")) {
		fail("unknown type `" $1 "`")
	}
	column = name_of("a column of row " row, $2)
	members = members "\t" c_type[type] column ";" comment() "\n"
	fields = fields sprintf("\t{\"%s\", FIELD_%s, offsetof(struct %s, %s), %s, %s},\n", column,
		type in is_enum ? "ENUM" : toupper(type), row, column, type in is_enum ? type "_names" : "NULL",
		type != $1 ? "true" : "false")
	lines[row, ++count] = $0
	columns[row] = count
}

function finish() {
	if (row == "") {
		return
	}
	structs = structs "struct " row " {\n" (count ? members : "\tchar none;\n") "};\n\n"
	types = types "extern const struct row_type row_" row ";\n"
	if (count) {
		tables = tables "static const struct field " row "_fields[] = {\n" fields "};\n"
	}
	tables = tables sprintf("const struct row_type row_%s = {\"%s\", sizeof(struct %s), %s, %d};\n\n",
		row, row, row, count ? row "_fields" : "NULL", count)
	row = ""
}

/^#/ || NF == 0 { next }

index($0, "*/") { fail("a comment cannot contain `*/`") }

/^enum / {
	finish()
	name = name_of("an enum", $2)
	prefix = name
	sub(/_.*/, "", prefix)
	constants = words = ""
	for (i = 3; i <= NF; i++) {
		constants = constants (i > 3 ? ", " : "") toupper(prefix "_" name_of("a word of enum " name, $i))
		words = words "\"" $i "\", "
	}
	if (NF < 3 || name in c_type) {
		fail("expected `enum NAME WORD...` with a new name")
	}
	c_type[name] = "enum " name " "
	is_enum[name] = 1
	enums = enums "enum " name " { " constants " };\n"
	enums = enums "extern const char *const " name "_names[]; /* in that order, then NULL */\n\n"
	tables = tables "const char *const " name "_names[] = {" words "NULL};\n\n"
	next
}

/^row / {
	finish()
	row = name_of("a row", $2)
	if (comment() == "") {
		fail("expected `row NAME COMMENT`")
	}
	structs = structs substr(comment(), 2) "\n"
	members = fields = ""
	count = 0
	next
}

/^[ \t]+like / && row != "" && NF == 2 && !count {
	if (!($2 in columns)) {
		fail("`" $2 "` is no row above")
	}
	like = $2
	for (i = 1; i <= columns[like]; i++) {
		$0 = lines[like, i]
		add_column()
	}
	next
}

/^[ \t]/ && row != "" && NF > 1 {
	add_column()
	next
}

{ fail("expected `enum NAME WORD...`, `row NAME COMMENT`, or an indented `TYPE COLUMN COMMENT` in a row") }

END {
	if (failed) {
		exit 1
	}
	finish()
	print "/* The rows that queries answer with: made by db/sql/rows.awk from db/sql/rows. */" > header
	print "#ifndef GEN_ROWS_H\n#define GEN_ROWS_H\n\n#include <stdbool.h>\n#include <stdint.h>\n" > header
	print "#include \"db/base/id.h\"\n#include \"db/base/num.h\"\n\nstruct row_type;\n" > header
	print enums structs types "\n#endif" > header
	print "/* Made by db/sql/rows.awk from db/sql/rows. */\n#include \"db/batch/rows.h\"\n" > source
	printf "%s", tables > source
}
