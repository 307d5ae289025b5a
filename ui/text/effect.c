#include "ui/text/effect.h"

#include <string.h>

#include "db/base/buf.h"
#include "gen/rows.h"
#include "ui/text/humanize.h"

static void put(const struct count *count, bool exact, struct buf *out) {
	if (exact) {
		buf_puts(out, count->digits);
	} else {
		humanize_count(count, out);
	}
}

void effect_words(const struct pool_effect *pool, const char *arrow, bool exact, struct buf *out) {
	const struct {
		const char *name;
		const struct count *before;
		const struct count *after;
	} figures[] = {{"used", &pool->used, &pool->used_after},
	    {"held back", &pool->held_back, &pool->held_back_after},
	    {"free", &pool->free, &pool->free_after}};
	const char *between = ": ";

	buf_puts(out, pool->pool);
	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
		if (strcmp(figures[i].before->digits, figures[i].after->digits) != 0) {
			buf_puts(out, between);
			buf_printf(out, "%s ", figures[i].name);
			put(figures[i].before, exact, out);
			buf_puts(out, arrow);
			put(figures[i].after, exact, out);
			between = ", ";
		}
	}
	buf_puts(out, *between == ':' ? ": nothing is freed" : "");
}
