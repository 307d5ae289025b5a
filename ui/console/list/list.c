#include "ui/console/list/list.h"

#include <assert.h>
#include <stdlib.h>

#include "db/base/clock.h"

void list_init(struct list *list, const struct list_kind *kind) {
	*list = (struct list){.kind = kind, .page = 1, .moved = TIME_NONE, .jump = JUMP_FIRST};
}

void list_release(struct list *list) {
	for (size_t i = 0; i < list->count; i++) {
		free(list->rows[i].data);
	}
	free(list->rows);
	*list = (struct list){0};
}

/* Moves the cursor onto the screen, and the screen into the rows. */
static void settle(struct list *list) {
	size_t page = (size_t)list->page;

	if (list->cursor >= list->count) {
		list->cursor = list->count > 0 ? list->count - 1 : 0;
	}
	if (list->cursor < list->top) {
		list->top = list->cursor;
	}
	if (list->cursor >= list->top + page) {
		list->top = list->cursor - page + 1;
	}
	if (!list->more_below && list->top + page > list->count) {
		list->top = list->count > page ? list->count - page : 0;
	}
}

void list_page(struct list *list, int page) {
	list->page = page > 1 ? page : 1;
	settle(list);
}

static void step(struct list *list, size_t rows, bool down) {
	size_t left = down ? list->count - 1 - list->cursor : list->cursor;
	size_t gone = rows < left ? rows : left;

	list->cursor = down ? list->cursor + gone : list->cursor - gone;
	if (gone < rows && (down ? list->more_below : list->more_above)) {
		list->owed = down ? (int64_t)(rows - gone) : -(int64_t)(rows - gone);
	}
}

/* Moves by pages: the screen moves with the cursor, which keeps its line. */
static void turn(struct list *list, size_t rows, bool down) {
	size_t line = list->cursor - list->top;

	step(list, rows, down);
	list->top = list->cursor > line ? list->cursor - line : 0;
}

/* Goes to an end: of the rows that are loaded, or of an order that is asked for `anew`. */
static void jump(struct list *list, bool last, bool anew) {
	bool more = anew || (last ? list->more_below : list->more_above);

	list->cursor = last ? list->count - 1 : 0;
	if (more) {
		list->jump = last ? JUMP_LAST : JUMP_FIRST;
	}
	if (!last) {
		list->touched = false;
		list->moved = TIME_NONE;
	}
}

void list_go(struct list *list, size_t row, int64_t now) {
	if (row < list->count) {
		list->touched = true;
		list->moved = now;
		list->jump = list->jump == JUMP_ROW ? JUMP_ROW : JUMP_NONE;
		list->owed = 0;
		list->cursor = row;
		settle(list);
	}
}

void list_move(struct list *list, enum list_move move, int64_t now) {
	size_t page = (size_t)list->page;
	bool anew = list->jump == JUMP_ROW;

	if (list->count == 0) {
		return;
	}
	list->touched = true;
	list->moved = now;
	list->jump = anew ? JUMP_ROW : JUMP_NONE;
	list->owed = 0;
	switch (move) {
	case MOVE_UP:
	case MOVE_DOWN:
		step(list, 1, move == MOVE_DOWN);
		break;
	case MOVE_PAGE_UP:
	case MOVE_PAGE_DOWN:
		turn(list, page > 1 ? page - 1 : 1, move == MOVE_PAGE_DOWN);
		break;
	case MOVE_HALF_UP:
	case MOVE_HALF_DOWN:
		turn(list, page > 1 ? page / 2 : 1, move == MOVE_HALF_DOWN);
		break;
	case MOVE_FIRST:
	case MOVE_LAST:
		jump(list, move == MOVE_LAST, anew);
		break;
	}
	settle(list);
}

void list_catch_up(struct list *list) {
	int64_t owed = list->owed;

	list->owed = 0;
	if (owed != 0 && list->count > 0) {
		turn(list, (size_t)(owed > 0 ? owed : -owed), owed > 0);
		settle(list);
	}
}

void list_pin(struct list *list) {
	list->pinned = !list->pinned;
	list->moved = TIME_NONE;
}

bool list_held(const struct list *list, int64_t now) {
	return list->pinned || (list->moved != TIME_NONE && now - list->moved < LIST_HOLD);
}

bool list_wants(const struct list *list) {
	size_t page = (size_t)list->page;

	return list->jump != JUMP_NONE || (list->more_above && list->top < page) ||
	       (list->more_below && list->top + 2 * page > list->count);
}

size_t list_page_end(const struct list *list) {
	size_t end = list->top + (size_t)list->page;

	return end < list->count ? end : list->count;
}

const struct list_row *list_current(const struct list *list) {
	return list->count == 0 ? NULL : &list->rows[list->cursor];
}

bool list_valid(const struct list *list) {
	if (list->count > 0 && (list->cursor >= list->count || list->top > list->cursor)) {
		return false;
	}
	for (size_t i = 0; i < list->count; i++) {
		for (size_t k = 0; k < i; k++) {
			if (id_equal(list->rows[i].id, list->rows[k].id)) {
				return false;
			}
		}
	}
	return true;
}

int64_t list_now(const struct list_row *row, int64_t now, int64_t steady) {
	return row->mark == MARK_GONE ? now - (steady - row->gone) : now;
}
