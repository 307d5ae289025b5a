# Turns the files of assets/themes into a C table of texts.

FNR == 1 {
	if (NR > 1) {
		print "\t},"
	}
	name = FILENAME
	sub(/^.*\//, "", name)
	if (NR == 1) {
		print "/* Made by ui/console/terminal/themes.awk from assets/themes. */"
		print "#include \"ui/console/terminal/theme.h\"\n\n#include <stddef.h>\n"
		print "const struct theme_file theme_files[] = {"
	}
	print "\t{\"" quote(name) "\","
}

{ print "\t    \"" quote($0) "\\n\"" }

END { print "\t},\n\t{NULL, NULL},\n};" }
