/* Saved views: those that were read are written so that they are read as the same. */
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "tests/fuzz/fuzz.h"
#include "ui/config/views.h"

static bool same(const struct saved_view *a, const struct saved_view *b) {
	return strcmp(a->name, b->name) == 0 && strcmp(a->screen, b->screen) == 0 &&
	       strcmp(a->scope, b->scope) == 0 && strcmp(a->scope_id, b->scope_id) == 0 &&
	       strcmp(a->filter, b->filter) == 0 && strcmp(a->sort, b->sort) == 0 && a->all == b->all &&
	       strcmp(a->hidden, b->hidden) == 0;
}

/* Writes the first view, and with it all others. */
static void check_written(const struct saved_views *views) {
	struct saved_views again = {0};
	struct err err = {0};

	if (!saved_view_write(&views->items[0], &err)) {
		fuzz_refused(&err, ERR_INVALID_INPUT);
		return;
	}
	fuzz_check(saved_views_read(&again, &err) && again.count == views->count);
	for (size_t i = 0; i < views->count; i++) {
		const struct saved_view *view = saved_views_find(&again, views->items[i].name);

		fuzz_check(view != NULL && same(view, &views->items[i]));
	}
	saved_views_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct saved_views views = {0};
	struct err err = {0};

	fuzz_file("views", data, n);
	if (saved_views_read(&views, &err)) {
		if (views.count > 0) {
			check_written(&views);
		}
	} else {
		fuzz_check(err.line >= 0 && err.line <= fuzz_lines(data, n));
		fuzz_refused(&err, ERR_INVALID_INPUT);
	}
	saved_views_release(&views);
	return 0;
}
