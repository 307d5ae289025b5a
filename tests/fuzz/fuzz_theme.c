/* A theme of the user: every look has colours that exist, and an error names a line of the file. */
#include "db/base/err.h"
#include "tests/fuzz/fuzz.h"
#include "ui/console/terminal/theme.h"

static void check_colour(struct colour c) {
	fuzz_check(c.rich >= COLOUR_OWN && c.rich < 256 && c.basic >= COLOUR_OWN && c.basic < 8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct theme theme;
	struct err err = {0};

	fuzz_file("themes/own", data, n);
	if (theme_read("own", &theme, &err)) {
		for (int i = 0; i < STYLES; i++) {
			struct look look = theme_look(&theme, (enum style)i, i % 2 == 1, i % 3 == 1);

			check_colour(look.ink);
			check_colour(look.paper);
		}
	} else {
		fuzz_check(err.line >= 0 && err.line <= fuzz_lines(data, n));
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	return 0;
}
