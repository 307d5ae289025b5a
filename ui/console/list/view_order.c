#include "ui/console/list/view.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "ui/console/list/row_sort.h"
#include "ui/text/column.h"

#define REVERSE " reverse"

int view_sort_named(const struct view *view, const char *name) {
	for (int i = 0; view->sorts[i] != NULL; i++) {
		if (strcmp(view->sorts[i], name) == 0) {
			return i;
		}
	}
	return -1;
}

bool view_is_keyed(const struct view *view, int sort) {
	return view->orders[sort].keyed;
}

int view_keyed_sort(const struct view *view, int sort) {
	for (int i = 0; view->sorts[i] != NULL; i++) {
		if (view_is_keyed(view, i)) {
			return i;
		}
	}
	return sort;
}

bool view_falls(const struct view *view, int sort, bool reverse) {
	return view->orders[sort].descending != reverse;
}

int view_sort_of(const struct view *view, size_t column) {
	while (column > 0 && *view_title(view, column) == '\0') {
		column--;
	}
	for (int i = 0; view->sorts[i] != NULL; i++) {
		const char *title = view->orders[i].column;

		if (title != NULL && strcmp(title, view_title(view, column)) == 0) {
			return i;
		}
	}
	return -1;
}

void view_sort_words(const struct view *view, int sort, bool reverse, struct buf *out) {
	buf_printf(out, "%s%s", view->sorts[sort], reverse ? REVERSE : "");
}

bool view_sort_read(const struct view *view, const char *words, int *sort, bool *reverse) {
	size_t n = strlen(words), m = strlen(REVERSE);
	bool against = n > m && strcmp(words + n - m, REVERSE) == 0;
	char *name = mem_print("%.*s", (int)(against ? n - m : n), words);
	int found = view_sort_named(view, name);

	free(name);
	if (found >= 0) {
		*sort = found;
		*reverse = against;
	}
	return found >= 0;
}

void loaded_sort(const struct question *q, const void **rows, size_t count) {
	const struct view_order *order = &q->view->orders[q->sort];
	const struct field *field =
	    order->member == NULL ? NULL : row_field(q->view->kind.shape->type, order->member);
	bool falls = view_falls(q->view, q->sort, q->reverse) != order->span;

	rows_sort(field, field == NULL ? q->reverse : falls, rows, count);
}

/* Returns the member of that name, NULL for none. */
static const struct field *member_named(const struct row_type *type, const char *name) {
	for (size_t i = 0; name != NULL && i < type->count; i++) {
		if (strcmp(type->fields[i].name, name) == 0) {
			return &type->fields[i];
		}
	}
	return NULL;
}

/* Returns the member of the column of a sort, or the one that is called as the sort; NULL for none. */
static const struct field *member_of_sort(const struct view *view, int sort) {
	const struct view_order *order = &view->orders[sort];
	const char *name = order->keyed ? view->kind.key : order->member;

	for (size_t i = 0; name == NULL && order->column != NULL && i < view->column_count; i++) {
		name = strcmp(view_title(view, i), order->column) == 0 ? view->columns[i].name : NULL;
	}
	return member_named(view->kind.shape->type, name != NULL ? name : view->sorts[sort]);
}

void view_sort_rows(const struct view *view, int sort, bool reverse, const void **rows, size_t count) {
	const struct field *field = member_of_sort(view, sort);

	if (field != NULL) {
		rows_sort(field, view_falls(view, sort, reverse) != view->orders[sort].span, rows, count);
	}
}

/* Appends the text by which the server knows the row that a question is about. */
static void put_keep(const struct question *q, const char *keep, struct buf *out) {
	char id[ID_TEXT];

	buf_puts(out, keep != NULL ? keep : id_text(q->keep, id));
}

void ordering_init(struct ordering *ordering, const struct question *q, const char *keep) {
	*ordering = (struct ordering){.order = {.reverse = q->reverse, .counts = true}};
	if (q->after) {
		order_row(q->view->kind.shape->type, q->at, &ordering->after);
		ordering->order.after = buf_text(&ordering->after);
	} else if (q->jump == JUMP_ROW) {
		put_keep(q, keep, &ordering->keep);
		ordering->order.keep = buf_text(&ordering->keep);
		ordering->order.before = q->page;
	}
}

void ordering_release(struct ordering *ordering) {
	buf_release(&ordering->after);
	buf_release(&ordering->keep);
}

int64_t sorted_limit(const struct question *q, int64_t most) {
	return q->every && most > 0 ? most : 4 * q->page;
}
