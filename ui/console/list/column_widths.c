#include "ui/console/list/table.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>

#include "db/base/buf.h"

#define WIDE 100 /* from this width on columns are two blanks apart */

static int gap_of(const struct table *t) {
	return t->area.columns >= WIDE ? 2 : 1;
}

static int good_of(const struct view_column *c) {
	return c->good > c->width ? c->good : c->width;
}

/* Returns the width of the shown columns together, each at its good or its least width. */
static int total(const struct table *t, const bool *shown, bool good) {
	int width = TABLE_GUTTER - gap_of(t);

	for (size_t i = 0; i < t->view->column_count; i++) {
		const struct view_column *c = &t->view->columns[i];

		width += shown[i] ? (good ? good_of(c) : c->width) + gap_of(t) : 0;
	}
	return width;
}

/* Drops the next column that may go, of those with a `drop` below `limit`; false when there is none. */
static bool drop(const struct table *t, bool *shown, int limit) {
	const struct view *view = t->view;
	size_t next = view->column_count;

	for (size_t i = 0; i < view->column_count; i++) {
		int order = view->columns[i].drop;

		if (shown[i] && order > 0 && order < limit &&
		    (next == view->column_count || order < view->columns[next].drop)) {
			next = i;
		}
	}
	if (next == view->column_count) {
		return false;
	}
	shown[next] = false;
	return true;
}

static void choose(const struct table *t, bool *shown) {
	char *pool = scope_pool(&t->context.scope);

	for (size_t i = 0; i < t->view->column_count; i++) {
		const struct view_column *c = &t->view->columns[i];

		shown[i] = (!c->unscoped || pool == NULL) &&
			   (!c->unprojected || t->context.scope.kind != SCOPE_PROJECT) &&
			   (t->context.hidden >> i & 1) == 0;
	}
	free(pool);
	while (total(t, shown, true) > t->area.columns && drop(t, shown, LUXURY)) {
	}
	while (total(t, shown, false) > t->area.columns && drop(t, shown, INT_MAX)) {
	}
}

/* Distributes the spare room, one cell at a time to each column; first up to the good width, then up to the
 * most. */
static void grow(const struct table *t, const bool *shown, int *widths, bool good) {
	int left = t->area.columns - TABLE_GUTTER + gap_of(t);
	bool grown = true;

	for (size_t i = 0; i < t->view->column_count; i++) {
		left -= shown[i] ? widths[i] + gap_of(t) : 0;
	}
	while (left > 0 && grown) {
		grown = false;
		for (size_t i = 0; i < t->view->column_count && left > 0; i++) {
			const struct view_column *c = &t->view->columns[i];

			if (shown[i] && widths[i] < (good ? good_of(c) : c->most)) {
				widths[i]++;
				left--;
				grown = true;
			}
		}
	}
}

/* Places the columns; a width of 0 drops one. */
static void set_widths(struct table *t, const int *widths) {
	int at = t->area.column + TABLE_GUTTER;

	for (size_t i = 0; i < t->view->column_count; i++) {
		t->start[i] = at;
		t->end[i] = at + widths[i];
		at = widths[i] > 0 ? t->end[i] + gap_of(t) : at;
	}
}

void table_init(struct table *t, const struct view *view, const struct context *context, struct rect area) {
	bool shown[TABLE_COLUMNS] = {false};
	int widths[TABLE_COLUMNS] = {0};

	assert(view->column_count <= TABLE_COLUMNS);
	*t = (struct table){.view = view, .context = *context, .area = area};
	choose(t, shown);
	for (size_t i = 0; i < view->column_count; i++) {
		widths[i] = view->columns[i].width;
	}
	grow(t, shown, widths, true);
	grow(t, shown, widths, false);
	for (size_t i = 0; i < view->column_count; i++) {
		widths[i] = shown[i] ? widths[i] : 0;
	}
	set_widths(t, widths);
}

/* Returns the columns that the text of a cell takes, with its glyph. */
static int needed(const struct table *t, size_t i, const void *row) {
	const struct view_column *c = &t->view->columns[i];
	struct buf text = {0};
	int width = 0;

	if (c->draw == NULL && c->most > 1) { /* else it has a glyph alone */
		view_cell(t->view, i, row, &t->context, &text);
		width = grid_width(buf_text(&text), false) +
			(c->badge != NULL && c->name == NULL && c->text == NULL ? 2 : 0);
		buf_release(&text);
	}
	return width;
}

void table_fit(struct table *t, const void *row, int *widths) {
	for (size_t i = 0; i < t->view->column_count; i++) {
		int width = t->end[i] > t->start[i] ? needed(t, i, row) : 0;

		widths[i] = width > widths[i] ? width : widths[i];
	}
}

/* Takes one cell from the column that has the most to spare; false when none has any. */
static bool take(const struct table *t, const int *spare, int *widths) {
	size_t most = t->view->column_count;

	for (size_t i = 0; i < t->view->column_count; i++) {
		int left = widths[i] - spare[i];

		if (left > 0 && (most == t->view->column_count || left > widths[most] - spare[most])) {
			most = i;
		}
	}
	if (most == t->view->column_count) {
		return false;
	}
	widths[most]--;
	return true;
}

void table_widen(struct table *t, const int *wanted) {
	int widths[TABLE_COLUMNS] = {0};
	int spare[TABLE_COLUMNS]; /* the width that a column keeps */
	int left = t->area.columns - TABLE_GUTTER + gap_of(t);

	for (size_t i = 0; i < t->view->column_count; i++) {
		const struct view_column *c = &t->view->columns[i];
		int title = grid_width(view_title(t->view, i), true);
		int keeps = c->width > title ? c->width : title;

		widths[i] = t->end[i] - t->start[i];
		left -= widths[i] > 0 ? widths[i] + gap_of(t) : 0;
		spare[i] = widths[i] == 0      ? 0
			   : c->draw != NULL   ? good_of(c)
			   : wanted[i] > keeps ? wanted[i]
					       : keeps;
	}
	for (size_t i = 0; i < t->view->column_count; i++) {
		while (widths[i] > 0 && widths[i] < wanted[i] && (left > 0 || take(t, spare, widths))) {
			left -= left > 0 ? 1 : 0;
			widths[i]++;
		}
	}
	set_widths(t, widths);
}
