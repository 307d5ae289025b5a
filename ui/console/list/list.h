/*
 * The virtual list: a window of rows of a result that may have ten million.
 *
 * The cursor belongs to an id, never to a line. While the operator moves, and for a while after, the order on
 * the screen is held: figures change in place, new rows are counted but not shown, vanished ones stay as
 * ghosts. Otherwise a new answer replaces the order, vanished rows stay for one cycle, and the cursor keeps
 * its line where possible. A ghost under the cursor stays until the operator leaves it, so that the row under
 * the cursor is never replaced.
 *
 * The list owns copies of its rows. The filler requests one extra page above and below the visible rows;
 * list_wants() returns true when moving has used that up.
 *
 * Invariant (list_valid): ids are distinct; with rows, cursor and top point at rows; a ghost that is not
 * under the cursor is at most one refresh old, or held.
 */
#ifndef UI_CONSOLE_LIST_LIST_H
#define UI_CONSOLE_LIST_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"

struct shape;

/* The kind of the rows of a list. */
struct list_kind {
	const struct shape *shape;        /* of the rows: their type and columns */
	struct id (*id)(const void *row); /* NULL: the first member */
	const char *key; /* the member, a number or text, that keys the window; NULL: the offset does */
	bool leaves;     /* a row that is gone leaves the cursor, too, as soon as it leaves the list */
	const char *const *changed; /* members, ended by NULL: a row has changed when one of these has */
};

/* Returns the id of a row. */
struct id list_id(const struct list_kind *kind, const void *row);

/* Returns the key of a row: 1 for a text, 0 for an offset. */
int64_t list_key(const struct list_kind *kind, const void *row);

enum list_mark {
	MARK_NONE,
	MARK_NEW,
	MARK_CHANGED,
	MARK_GONE,
	MARK_CHOSEN /* marked by the operator: only for drawing, no row of a list has it */
};

struct list_row {
	struct id id;
	int64_t key;
	void *data;          /* owned */
	enum list_mark mark; /* MARK_GONE: a ghost */
	int64_t gone;        /* steady time when it became one */
};

/* The place at which the next answer begins. */
enum list_jump {
	JUMP_NONE,  /* around the top */
	JUMP_FIRST, /* at the start, cursor on the first row */
	JUMP_LAST,  /* at the end, cursor on the last row */
	JUMP_ROW    /* around the row under the cursor, which stays on it and on its line */
};

struct list {
	const struct list_kind *kind;
	struct list_row *rows;
	size_t count;
	size_t top; /* index of the first row on the screen */
	size_t cursor;
	int page; /* rows on the screen, as last drawn */
	bool more_above;
	bool more_below;
	int64_t offset; /* of rows[0] in the result, where rows are kept by offset */
	enum list_jump jump;
	bool filled;    /* an answer has arrived */
	bool pinned;    /* the operator holds the order */
	bool touched;   /* the operator has moved since the last jump */
	int64_t moved;  /* steady time of the last move */
	int64_t owed;   /* rows that the last move could not go, since they were not loaded yet */
	size_t waiting; /* changes of the order that are held back */
};

/* An answer: rows in the order of the server, borrowed. */
struct list_fill {
	const void *const *rows;
	size_t count;
	bool more_above;
	bool more_below;
	int64_t offset;
	enum list_jump jump; /* the requested jump */
	struct id keep; /* of JUMP_ROW: the row that the question was about; nil: the one under the cursor */
	bool fresh;     /* answers another question than the last one: no marks, no ghosts */
};

enum list_move {
	MOVE_UP,
	MOVE_DOWN,
	MOVE_PAGE_UP,
	MOVE_PAGE_DOWN,
	MOVE_HALF_UP,
	MOVE_HALF_DOWN,
	MOVE_FIRST,
	MOVE_LAST
};

#define LIST_HOLD INT64_C(5000000) /* how long an order is held after a move, in microseconds */

void list_init(struct list *list, const struct list_kind *kind);
void list_release(struct list *list);

/* Takes an answer at a steady time. */
void list_refresh(struct list *list, const struct list_fill *fill, int64_t now);

/* Moves the cursor. A move beyond the window is owed, up to a page, and completed by the next answer. */
void list_move(struct list *list, enum list_move move, int64_t now);

/* Moves the cursor to a row by its index. */
void list_go(struct list *list, size_t row, int64_t now);

/* Completes the owed move; list_refresh() calls it. */
void list_catch_up(struct list *list);

/* Sets the number of rows on the screen, and keeps the cursor among them. */
void list_page(struct list *list, int page);

/* Holds the order until called again. */
void list_pin(struct list *list);
bool list_held(const struct list *list, int64_t now);

/* Returns true when rows within a page of the screen are missing, or a jump is due. */
bool list_wants(const struct list *list);

/* Returns the index after the last row on the screen. */
size_t list_page_end(const struct list *list);

/* Returns the row under the cursor; NULL when there is none. */
const struct list_row *list_current(const struct list *list);

/* Returns the wall clock for the spans of a row: `now`, or when it became a ghost. */
int64_t list_now(const struct list_row *row, int64_t now, int64_t steady);

bool list_valid(const struct list *list);

#endif
