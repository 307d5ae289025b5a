#include "ui/console/screens/dedupe_badge.h"

#include <string.h>

#include "db/base/buf.h"
#include "ui/text/humanize.h"

const struct badge *dedupe_badge(const char *state) {
	static const struct badge badges[] = {
	    {"running", GLYPH_WAIT, STYLE_WARNING, "the same command continues it, and u undoes it"},
	    {"done", GLYPH_LIVE, STYLE_NORMAL, "the removed rows are kept here: u puts them back"},
	    {"undoing", GLYPH_ENDING, STYLE_WARNING, "rows are being put back; u continues"},
	    {"undone", GLYPH_UNUSED, STYLE_DIM, "the table has its duplicates again"},
	};
	size_t i = sizeof badges / sizeof *badges - 1;

	while (i > 0 && strcmp(badges[i].word, state) != 0) {
		i--;
	}
	return &badges[i];
}

void dedupe_undone(int64_t rows, struct buf *out) {
	buf_puts(out, "undone: ");
	if (rows > 0) {
		humanize_plural(rows, "row", "rows", out);
		buf_puts(out, " put back, the duplicates are there again");
	} else {
		buf_puts(out, "it had removed no rows");
	}
}
