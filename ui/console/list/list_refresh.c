#include "ui/console/list/list.h"

#include <assert.h>
#include <stdlib.h>

#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "ui/text/column.h"
#include "db/batch/rowset.h"
#include "ui/text/row.h"

#define NONE SIZE_MAX
#define PAGES_KEPT 4 /* on either side of the screen, while an order is held */

/* One refresh: the old rows and the answer. */
struct refresh {
	struct list *list;
	const struct list_fill *fill;
	size_t *old_of;               /* of each row of the answer: its old row, or NONE */
	size_t *fill_of;              /* of each old row: its row in the answer, or NONE */
	size_t first_old, last_old;   /* the outermost old rows that are in the answer */
	size_t first_fill, last_fill; /* their places in the answer; NONE when there are none */
	struct list_row *out;
	size_t n;
	size_t cursor; /* in out */
	int64_t now;   /* steady */
};

struct id list_id(const struct list_kind *kind, const void *row) {
	assert(kind->id != NULL || kind->shape->type->fields[0].type == FIELD_ID);
	return kind->id == NULL ? *(const struct id *)row : kind->id(row);
}

int64_t list_key(const struct list_kind *kind, const void *row) {
	const struct field *field = kind->key == NULL ? NULL : row_field(kind->shape->type, kind->key);

	assert(field == NULL || field->type == FIELD_TEXT || field->type == FIELD_INT);
	return field == NULL ? 0 : field->type == FIELD_TEXT ? 1 : *(const int64_t *)row_member(field, row);
}

static void match(struct refresh *m) {
	const struct list *list = m->list;

	m->first_fill = m->last_fill = m->first_old = m->last_old = NONE;
	for (size_t i = 0; i < list->count; i++) {
		m->fill_of[i] = NONE;
	}
	for (size_t k = 0; k < m->fill->count; k++) {
		struct id id = list_id(list->kind, m->fill->rows[k]);

		m->old_of[k] = NONE;
		for (size_t i = 0; i < list->count && m->old_of[k] == NONE; i++) {
			if (m->fill_of[i] == NONE && id_equal(list->rows[i].id, id)) {
				m->old_of[k] = i;
				m->fill_of[i] = k;
			}
		}
		if (m->old_of[k] != NONE) {
			size_t i = m->old_of[k];

			m->first_fill = m->first_fill == NONE ? k : m->first_fill;
			m->last_fill = k;
			m->first_old = m->first_old == NONE || i < m->first_old ? i : m->first_old;
			m->last_old = m->last_old == NONE || i > m->last_old ? i : m->last_old;
		}
	}
}

/* Returns whether a row of the answer is new. A row beyond the old window is not: the window has only
 * grown. */
static bool is_new(const struct refresh *m, size_t k) {
	if (m->old_of[k] != NONE) {
		return false;
	}
	if (m->first_fill == NONE) {
		return true;
	}
	return !(k < m->first_fill && m->list->more_above) && !(k > m->last_fill && m->list->more_below);
}

/* Returns true when the answer would contain this old row if it still existed. */
static bool covered(const struct refresh *m, size_t i) {
	if (m->first_old == NONE) {
		return true;
	}
	return !(i < m->first_old && m->fill->more_above) && !(i > m->last_old && m->fill->more_below);
}

static struct list_row make_row(const struct list *list, const void *data, enum list_mark mark) {
	return (struct list_row){.id = list_id(list->kind, data),
	    .key = list_key(list->kind, data),
	    .data = row_copy(list->kind->shape->type, data),
	    .mark = mark};
}

static void add_fill(struct refresh *m, size_t k) {
	const void *data = m->fill->rows[k];
	enum list_mark mark = is_new(m, k) ? MARK_NEW : MARK_NONE;

	if (m->old_of[k] != NONE) {
		const struct list_row *old = &m->list->rows[m->old_of[k]];

		if (old->mark == MARK_GONE) {
			mark = MARK_NEW;
		} else if (row_differs(m->list->kind->shape->type, m->list->kind->changed, old->data, data)) {
			mark = MARK_CHANGED;
		}
		if (m->old_of[k] == m->list->cursor) {
			m->cursor = m->n;
		}
	}
	m->out[m->n++] = make_row(m->list, data, mark);
}

/* Takes over an old row that is not in the answer, if it stays for now. */
static void add_ghost(struct refresh *m, size_t i, bool held) {
	struct list_row *old = &m->list->rows[i];
	bool shown = i >= m->list->top && i < m->list->top + (size_t)m->list->page;
	bool here = i == m->list->cursor && !m->list->kind->leaves;
	bool stays = here || (covered(m, i) ? held || old->mark != MARK_GONE : held && shown);

	if (!stays) {
		m->cursor = i == m->list->cursor ? m->n : m->cursor; /* on the row after it */
		return;
	}
	if (i == m->list->cursor) {
		m->cursor = m->n;
	}
	m->out[m->n] = *old;
	if (covered(m, i) && old->mark != MARK_GONE) {
		m->out[m->n].mark = MARK_GONE;
		m->out[m->n].gone = m->now;
	}
	m->n++;
	old->data = NULL;
}

static void add_ghosts(struct refresh *m, size_t i) {
	for (; i < m->list->count && m->fill_of[i] == NONE; i++) {
		add_ghost(m, i, false);
	}
}

/* Takes the order of the answer; ghosts stay after the row that they followed. */
static void follow(struct refresh *m) {
	add_ghosts(m, 0);
	for (size_t k = 0; k < m->fill->count; k++) {
		add_fill(m, k);
		if (m->old_of[k] != NONE) {
			add_ghosts(m, m->old_of[k] + 1);
		}
	}
	m->list->waiting = 0;
}

static size_t count_waiting(const struct refresh *m) {
	size_t waiting = 0;
	size_t i = 0;

	for (size_t k = 0; k < m->fill->count; k++) {
		if (m->old_of[k] == NONE) {
			waiting += is_new(m, k) ? 1 : 0;
			continue;
		}
		while (i < m->list->count && m->fill_of[i] == NONE) {
			i++;
		}
		waiting += m->old_of[k] == i ? 0 : 1;
		i++;
	}
	return waiting;
}

/* Keeps the order on the screen; new rows only where the window grows. */
static void hold(struct refresh *m) {
	m->list->waiting = count_waiting(m);
	for (size_t k = 0; m->first_fill != NONE && k < m->first_fill; k++) {
		if (!is_new(m, k)) {
			add_fill(m, k);
		}
	}
	for (size_t i = 0; i < m->list->count; i++) {
		if (m->fill_of[i] == NONE) {
			add_ghost(m, i, true);
		} else {
			add_fill(m, m->fill_of[i]);
		}
	}
	for (size_t k = m->last_fill + 1; m->last_fill != NONE && k < m->fill->count; k++) {
		if (!is_new(m, k)) {
			add_fill(m, k);
		}
	}
}

/* Drops rows far from the screen, so that holding an order costs no memory. */
static void trim(struct list *list) {
	size_t room = PAGES_KEPT * (size_t)list->page + PAGES_KEPT;
	size_t end = list->top + room;
	size_t start = list->top > room ? list->top - room : 0;

	for (size_t i = 0; i < list->count; i++) {
		if (i < start || i >= end) {
			free(list->rows[i].data);
		}
	}
	if (end < list->count) {
		list->count = end;
		list->more_below = true;
	}
	if (start > 0) {
		for (size_t i = start; i < list->count; i++) {
			list->rows[i - start] = list->rows[i];
		}
		list->count -= start;
		list->top -= start;
		list->cursor -= start;
		list->offset += (int64_t)start;
		list->more_above = true;
	}
}

static void replace_rows(struct list *list, struct list_row *rows, size_t count) {
	for (size_t i = 0; i < list->count; i++) {
		free(list->rows[i].data);
	}
	free(list->rows);
	list->rows = rows;
	list->count = count;
}

/* Keeps the cursor on its line of the screen; at the very top the screen stays
 * at the top as long as the cursor is on it. */
static void place(struct list *list, size_t cursor, bool at_start) {
	size_t line = list->cursor - list->top;

	list->cursor = cursor;
	if (at_start && cursor < (size_t)list->page) {
		list->top = 0;
	} else {
		list->top = cursor > line ? cursor - line : 0;
	}
}

/* Returns the row of the answer that the cursor is put on: for JUMP_ROW the one that it is on. */
static size_t start_at(const struct list *list, const struct list_fill *fill) {
	const struct list_row *current = list_current(list);

	for (size_t k = 0; fill->jump == JUMP_ROW && current != NULL && k < fill->count; k++) {
		if (id_equal(list_id(list->kind, fill->rows[k]), current->id)) {
			return k;
		}
	}
	return fill->jump == JUMP_LAST && fill->count > 0 ? fill->count - 1 : 0;
}

static void start_over(struct list *list, const struct list_fill *fill) {
	struct list_row *rows = mem_new(fill->count, sizeof *rows);
	size_t line = fill->jump == JUMP_ROW ? list->cursor - list->top : 0;
	size_t cursor = start_at(list, fill);

	for (size_t k = 0; k < fill->count; k++) {
		rows[k] = make_row(list, fill->rows[k], MARK_NONE);
	}
	replace_rows(list, rows, fill->count);
	list->cursor = cursor;
	list->top = cursor > line ? cursor - line : 0;
	list->offset = fill->offset;
	list->waiting = 0;
	list->owed = 0;
	list->filled = true;
}

static void refresh(struct list *list, const struct list_fill *fill, bool held, int64_t now) {
	size_t all = list->count + fill->count;
	struct refresh m = {.list = list, .fill = fill, .now = now};
	bool at_start = list->top == 0 && !list->more_above && !held;

	m.old_of = mem_new(fill->count, sizeof *m.old_of);
	m.fill_of = mem_new(list->count, sizeof *m.fill_of);
	m.out = mem_new(all, sizeof *m.out);
	match(&m);
	if (held) {
		hold(&m);
	} else {
		follow(&m);
	}
	replace_rows(list, m.out, m.n);
	m.cursor = m.n > 0 && m.cursor >= m.n ? m.n - 1 : m.cursor;
	place(list, m.cursor, at_start);
	list->offset = fill->offset;
	free(m.old_of);
	free(m.fill_of);
}

/* Returns true for an answer around a row that the cursor has left since. */
static bool is_of_another_row(const struct list *list, const struct list_fill *fill) {
	const struct list_row *current = list_current(list);

	return fill->jump == JUMP_ROW && !id_is_nil(fill->keep) && current != NULL &&
	       !id_equal(fill->keep, current->id);
}

void list_refresh(struct list *list, const struct list_fill *fill, int64_t now) {
	bool over = fill->fresh || fill->jump != JUMP_NONE || !list->filled;
	bool held = list_held(list, now);

	if (fill->jump != list->jump || is_of_another_row(list, fill)) {
		return;
	}
	if (over) {
		start_over(list, fill);
	} else {
		refresh(list, fill, held, now);
	}
	list->more_above = fill->more_above;
	list->more_below = fill->more_below;
	list->jump = JUMP_NONE;
	list_catch_up(list);
	if (held && !over) {
		trim(list);
	}
	list_page(list, list->page);
}
