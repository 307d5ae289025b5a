/*
 * What keys do: one table.
 *
 * The keys themselves, the help of a screen, the hints in the last line and
 * `berth --keys` all come from it, so that none can lie about another.
 */
#ifndef UI_CONSOLE_APP_KEYMAP_H
#define UI_CONSOLE_APP_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum request {
	REQUEST_NONE,
	REQUEST_MOVE, /* argument: enum list_move */
	REQUEST_OPEN,
	REQUEST_BACK,
	REQUEST_QUIT,
	REQUEST_INTERRUPT,
	REQUEST_VIEW, /* argument: its index */
	REQUEST_NEXT_VIEW,
	REQUEST_FILTER,
	REQUEST_COMMAND,
	REQUEST_HELP,
	REQUEST_SORT,
	REQUEST_HOLD,
	REQUEST_REFRESH,
	REQUEST_REDRAW,
	REQUEST_SUSPEND,
	REQUEST_WRITE,
	REQUEST_FORM, /* argument: enum form_type */
	REQUEST_RESOURCES,
	REQUEST_MARK,
	REQUEST_MARK_SHOWN,
	REQUEST_ALL,
	REQUEST_PLAN, /* argument: enum plan_act */
	REQUEST_EXTEND,
	REQUEST_UNDO,
	REQUEST_MERGE,
	REQUEST_COPY_CELL,
	REQUEST_COPY_ROW,
	REQUEST_COPY_JSON,
	REQUEST_COPY_COMMAND
};

/* Where a key lives, and what it needs, as bits: 1 << enum view_id of ui/console/list/view.h. */
enum key_place {
	PLACE_POOLS = 1,
	PLACE_LEASES = 2,
	PLACE_QUEUE = 4,
	PLACE_LABELS = 8,
	PLACE_LOOKALIKES = 16,
	PLACE_PROJECTS = 32,
	PLACE_RESOURCES = 64,
	PLACE_VALUES = 128,
	PLACE_TARGETS = 256,
	PLACE_DUPLICATE_ROWS = 512,
	PLACE_DEDUPE_RUNS = 1024,
	PLACE_ANY = 2047
};
enum key_need { NEED_ROW = 1, NEED_WRITE = 2, NEED_FRESH = 4 };
#define NEED_CHANGE (NEED_WRITE | NEED_FRESH)
#define NEED_PLAN (NEED_ROW | NEED_CHANGE)

struct key {
	enum request request;
	int argument;
	int presses[4];    /* ended by 0 */
	const char *names; /* as people call them, the letter first */
	const char *hint;  /* one word for the last line; NULL: not shown there */
	const char *help;
	unsigned place;
	unsigned need;
};

/* The table; what has no request ends it. */
extern const struct key keys[];

/* The entry of a key in a place; NULL when it does nothing there. */
const struct key *key_find(int press, unsigned place);

/* Every key, one per line, key first: what --keys prints. */
void keys_print(struct buf *out);

#endif
