# Turns the migrations and routines into C tables of texts.  Each migration
# schema/NNN_name.sql raises the version by one; the routines are made anew after
# every migration, so that they always are those of the newest version.  Each
# trust/NAME.sql is a text of its own, trust_NAME.

function finish() {
	if (trust) {
		texts = texts "const char trust_" file "[] =\n" body "\t    \"\";\n"
	} else if (file != "") {
		entry = "\t{\"" file "\",\n" body "\t},\n"
		if (routine) {
			routines = routines entry
		} else {
			migrations = migrations entry
			version++
		}
	}
}

FNR == 1 {
	finish()
	file = FILENAME
	routine = file ~ /\/routines\//
	trust = file ~ /\/trust\//
	sub(/^.*\//, "", file)
	sub(/\.sql$/, "", file)
	body = ""
	if (!routine && !trust && file !~ sprintf("^%03d_", version + 1)) {
		fail("migrations are numbered without a gap")
	}
}

{ body = body "\t    \"" quote($0) "\\n\"\n" }

END {
	if (failed) {
		exit 1
	}
	finish()
	print "/* Made by db/sql/schema.awk from db/sql. */"
	print "#include \"db/schema/version.h\"\n\n#include <stddef.h>\n"
	print "const int schema_version = " version ";"
	print "const struct script schema_migrations[] = {\n" migrations "\t{NULL, NULL},\n};"
	print "const struct script schema_routines[] = {\n" routines "\t{NULL, NULL},\n};"
	printf "%s", texts
}
