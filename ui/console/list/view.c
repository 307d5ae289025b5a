#include "ui/console/list/view.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "ui/console/list/filter.h"
#include "ui/text/column.h"
#include "ui/text/row.h"

const char *view_title(const struct view *view, size_t column) {
	const struct view_column *c = &view->columns[column];

	return c->title != NULL ? c->title : shape_column(view->kind.shape, c->name).column->title;
}

bool view_is_right(const struct view *view, size_t column) {
	const struct view_column *c = &view->columns[column];
	struct bound_column bound;

	if (c->name == NULL) {
		return c->right;
	}
	bound = shape_column(view->kind.shape, c->name);
	return column_is_right(&bound);
}

void view_cell(
    const struct view *view, size_t column, const void *row, const struct context *context, struct buf *out) {
	const struct view_column *c = &view->columns[column];

	if (c->name != NULL) {
		struct bound_column bound = shape_column(view->kind.shape, c->name);

		column_short(&bound, row, context->now, out);
	} else if (c->text != NULL) {
		c->text(row, context, out);
	} else if (c->badge != NULL) {
		buf_puts(out, c->badge(row, context)->word);
	} else {
		assert(c->draw != NULL);
	}
}

const char *view_pool(const struct view *view, const void *row) {
	const char *pool =
	    view->pool == NULL ? "" : row_text(row_field(view->kind.shape->type, view->pool), row);

	return *pool == '\0' ? NULL : pool;
}

const struct view *view_find(const char *name) {
	for (size_t i = 0; views[i] != NULL; i++) {
		if (strcmp(views[i]->name, name) == 0) {
			return views[i];
		}
	}
	return NULL;
}

size_t view_index(const struct view *view) {
	size_t i = 0;

	while (views[i] != view) {
		i++;
	}
	return i;
}

bool view_has(const struct view *view, enum action action) {
	const enum action *own = view->actions;

	while (own != NULL && *own != ACTION_NONE && *own != action) {
		own++;
	}
	return own != NULL && *own == action && action != ACTION_NONE;
}

void answer_release(struct answer *answer) {
	for (size_t i = 0; answer->owned && i < answer->fill.count; i++) {
		void *row;

		memcpy(&row, &answer->rows[i], sizeof row); /* const only for other users */
		free(row);
	}
	free(answer->rows);
	*answer = (struct answer){0};
}

void rowsets_release(struct rowset *sets) {
	for (size_t i = 0; i < VIEW_SETS; i++) {
		rowset_release(&sets[i]);
	}
}

void rowsets_take(struct rowset *sets, const struct row_type *const *types, const struct batch *b,
    size_t first, size_t end) {
	rowsets_release(sets);
	for (size_t i = 0; i < VIEW_SETS && first + i < end; i++) {
		rowset_take(&sets[i], types[i], b, first + i);
	}
}

/* Returns true when the window has a page before its key, and the rest from it on. */
static bool has_before(const struct question *q) {
	return (q->jump == JUMP_NONE || q->jump == JUMP_ROW) && q->key != 0 && !q->after;
}

/* Returns the key after which all rows come in that direction. */
static int64_t before_all(bool backwards) {
	return backwards ? -1 : 0;
}

size_t window_parts(const struct question *q, struct window parts[2]) {
	parts[0] = (struct window){.backwards = q->reverse, .limit = 3 * q->page + 1};
	parts[0].after = q->from != 0 ? q->from : before_all(q->reverse);
	if (q->jump == JUMP_LAST) {
		parts[0].backwards = !q->reverse;
		parts[0].after = before_all(!q->reverse);
	} else if (q->after) {
		parts[0].after = q->key;
	} else if (has_before(q)) {
		parts[0].after = q->reverse ? q->key - 1 : q->key + 1;
		parts[1] = (struct window){.after = q->key, .backwards = !q->reverse, .limit = q->page + 1};
		return 2;
	}
	return 1;
}

/* Returns a row of a part, which the server answers in the first direction of the sort. */
static const void *row_of_part(const struct question *q, const struct batch *b, size_t part, size_t i) {
	return batch_row(b, part, q->reverse ? batch_count(b, part) - 1 - i : i);
}

void window_read(const struct question *q, const struct batch *b, struct answer *out) {
	size_t behind = batch_count(b, 0);
	size_t before = has_before(q) ? batch_count(b, 1) : 0;
	bool more_behind = behind > 3 * (size_t)q->page;
	bool more_before = before > (size_t)q->page;
	bool last = q->jump == JUMP_LAST;
	size_t n = 0;

	*out = (struct answer){.rows = mem_new(before + behind, sizeof *out->rows), .total = -1};
	for (size_t i = more_before ? 1 : 0; i < before; i++) {
		out->rows[n++] = row_of_part(q, b, 1, i);
	}
	for (size_t i = last && more_behind ? 1 : 0; i < behind - (!last && more_behind ? 1 : 0); i++) {
		out->rows[n++] = row_of_part(q, b, 0, i);
	}
	out->fill = (struct list_fill){.rows = out->rows,
	    .count = n,
	    .more_above = last ? more_behind : more_before,
	    .more_below = last ? false : more_behind,
	    .jump = q->jump};
}

int64_t search_patience(const struct question *q) {
	return q->whole ? 0 : q->from == 0 ? 30000 : 1000000;
}

void search_read(const struct question *q, const struct batch *b, struct answer *out) {
	struct window parts[2];
	const struct search *search;

	window_read(q, b, out);
	if (q->after) {
		return;
	}
	search = batch_row(b, window_parts(q, parts), 0);
	out->total = search->total;
	out->at_least = search->more;
	out->reach = (struct reach){.key = search->reach, .looked = search->looked, .rows = search->rows};
	out->fill.more_above |= search->above || (q->from != 0 && q->jump != JUMP_LAST);
}

/* Returns the place of the row that is kept among all rows; 0 without them, or when it is not there. */
static int64_t place_of(const struct question *q, const void *const *rows, int64_t total) {
	int64_t place = 0;

	while (rows != NULL && place < total && !id_equal(list_id(&q->view->kind, rows[place]), q->keep)) {
		place++;
	}
	return rows == NULL || place == total ? 0 : place;
}

/* Returns the start of a window with a page before the screen and two after it. */
static int64_t start_of(const struct question *q, const void *const *rows, int64_t total) {
	int64_t start = q->after                             ? q->offset
			: q->jump == JUMP_FIRST              ? 0
			: q->jump == JUMP_LAST && total >= 0 ? total - 2 * q->page
			: q->jump == JUMP_ROW                ? place_of(q, rows, total) - q->page
							     : q->offset - q->page;

	return start > 0 ? start : 0;
}

static struct answer answer_at(
    const struct question *q, const void **rows, int64_t start, size_t count, int64_t total) {
	return (struct answer){.rows = rows,
	    .total = total,
	    .fill = {.rows = rows,
		.count = count,
		.offset = start,
		.more_above = start > 0,
		.more_below = start + (int64_t)count < total,
		.jump = q->jump}};
}

int64_t offset_start(const struct question *q) {
	return start_of(q, NULL, q->total);
}

void whole_read(const struct question *q, const void **rows, size_t total, struct answer *out) {
	size_t most;
	size_t start;
	size_t count;

	total = q->view->members == NULL ? total : loaded_filter(q, rows, total);
	most = q->every ? total : 4 * (size_t)q->page;
	loaded_sort(q, rows, total);
	start = (size_t)start_of(q, rows, (int64_t)total);
	start = start < total ? start : total;
	count = total - start < most ? total - start : most;
	memmove(rows, rows + start, count * sizeof *rows);
	*out = answer_at(q, rows, (int64_t)start, count, (int64_t)total);
}

/* Reads the first rows of the answer, which are all that there are. */
static void read_first(const struct question *q, const struct batch *b, size_t total, struct answer *out) {
	const void **rows = mem_new(total, sizeof *rows);

	for (size_t i = 0; i < total; i++) {
		rows[i] = batch_row(b, 0, i);
	}
	whole_read(q, rows, total, out);
}

void rows_read(const struct question *q, const struct batch *b, struct answer *out) {
	read_first(q, b, batch_count(b, 0), out);
}

void loaded_read(const struct question *q, const struct batch *b, struct answer *out) {
	size_t all = batch_count(b, 0);
	size_t total = all > LOADED_MOST ? LOADED_MOST : all;

	read_first(q, b, total, out);
	out->at_least = all > total;
	out->among = all > total ? (int64_t)total : 0;
}

void searched_read(const struct search *search, struct answer *out) {
	if (search->reach == 0) {
		return;
	}
	out->at_least = true;
	out->among = out->total;
	out->reach = (struct reach){.key = search->reach, .looked = search->looked, .rows = search->rows};
}

void sorted_read(const struct question *q, int64_t most, const struct batch *b, struct answer *out) {
	size_t count = batch_count(b, 0);
	const struct sorting *sorting = batch_row(b, 1, 0);
	const void **rows = mem_new(count, sizeof *rows);

	for (size_t i = 0; i < count; i++) {
		rows[i] = batch_row(b, 0, i);
	}
	*out = answer_at(q, rows, sorting->start, count, sorting->total);
	if (q->after) {
		out->fill.more_below = (int64_t)count == sorted_limit(q, most);
	}
	out->at_least = sorting->cut;
	out->among = sorting->cut ? sorting->total : 0;
	out->sampled = sorting->sampled == TIME_NONE ? 0 : sorting->sampled;
	out->reach = (struct reach){.looked = sorting->looked, .rows = sorting->rows};
}

/* Returns a question that knows its view. */
static struct question of_view(const struct view *view, const struct question *q) {
	struct question known = *q;

	known.view = view;
	return known;
}

void view_ask(const struct view *view, const struct question *q, struct batch *b) {
	struct question known = of_view(view, q);
	struct id id = {{0}};

	if (q->scope.kind == SCOPE_ONE) {
		id = id_parse(q->scope.text, &id) ? id : (struct id){{0}};
		view->ask_one(id, q->scope.text, b);
	} else {
		view->ask(&known, b);
	}
}

void view_read(const struct view *view, const struct question *q, const struct batch *b, struct answer *out) {
	struct question known = of_view(view, q);

	if (q->scope.kind == SCOPE_ONE) {
		rows_read(&known, b, out);
	} else {
		view->read(&known, b, out);
	}
}
