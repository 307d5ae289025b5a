# Turns named queries into a C enum and a C table.
#
#   -- name: lease_show(id id) :maybe lease
#   -- why it is so, on any number of comment lines
#   select ...;
#
# The header names the arguments with their field types (db/batch/rows.h), says how
# many rows there are (:one, :maybe, :many) and of which row type.
#
# A query that is nothing but the call of a routine of berth says all names in
# full. Any other query looks operators and functions up by name, so that the
# table marks it: it runs under a safe search path alone.

function quote(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	return text
}

function finish() {
	if (name == "") {
		return
	}
	sub(/[; \n]+$/, "", body)
	call = body ~ /^select( \* from| from \(select)? berth\.[a-z_]+\([]$0-9a-z_, :[]*\)(::[a-z]+)*(\)? (as )?[a-z]+)?$/
	gsub(/\n/, "\\n\"\n\t    \"", body)
	table = table "\t[QUERY_" toupper(name) "] = {\"" name "\", QUERY_ROWS_" toupper(rows) ", &row_" row ",\n"
	table = table "\t    " (count ? "(const enum field_type[]){" types "}" : "NULL") ", " count ", " (call ? "true" : "false") ",\n"
	table = table "\t    \"" body "\"},\n"
	names = names "\tQUERY_" toupper(name) ",\n"
	name = ""
}

function fail(why) {
	print FILENAME ":" FNR ": " why > "/dev/stderr"
	failed = 1
	exit 1
}

FNR == 1 { finish() }

/^-- name:/ {
	finish()
	if (!match($0, /^-- name: [a-z_]+\([a-z_, ]*\) :(one|maybe|many) [a-z_]+$/)) {
		fail("expected `-- name: query(argument type, ...) :one|:maybe|:many row`")
	}
	name = $0
	sub(/^-- name: /, "", name)
	sub(/\(.*/, "", name)
	list = $0
	sub(/^[^(]*\(/, "", list)
	sub(/\).*/, "", list)
	rest = $0
	sub(/^.*\) :/, "", rest)
	split(rest, words, " ")
	rows = words[1]
	row = words[2]
	types = ""
	count = 0
	n = split(list, parts, /, */)
	for (i = 1; i <= n; i++) {
		split(parts[i], pair, " ")
		types = types (count++ ? ", " : "") "FIELD_" toupper(pair[2])
	}
	body = ""
	next
}

/^--/ || /^[ \t]*$/ { next }

{
	if (name == "") {
		fail("SQL before the first `-- name:`")
	}
	body = body quote($0) "\n"
}

END {
	if (failed) {
		exit 1
	}
	finish()
	print "/* Made by db/sql/queries.awk from db/sql. */" > header
	print "#ifndef GEN_QUERIES_H\n#define GEN_QUERIES_H\n" > header
	print "enum query {\n" names "\tQUERY_COUNT\n};\n\n#endif" > header
	print "/* Made by db/sql/queries.awk from db/sql. */" > source
	print "#include \"db/batch/query.h\"\n" > source
	print "const struct statement statements[QUERY_COUNT] = {\n" table "};" > source
}
