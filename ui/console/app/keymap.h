/*
 * Keys: one table of what they do.
 *
 * Handling, the help of a screen, the hints in the last line, `berth --keys` and the manual all read it, so
 * that none can contradict another. A key works on every screen, or belongs to an action that screens list as
 * theirs (ui/console/list/view.h).
 */
#ifndef UI_CONSOLE_APP_KEYMAP_H
#define UI_CONSOLE_APP_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/console/list/action.h"

struct buf;

enum request {
	REQUEST_NONE,
	REQUEST_MOVE, /* argument: enum list_move */
	REQUEST_OPEN,
	REQUEST_BACK,
	REQUEST_QUIT,
	REQUEST_INTERRUPT,
	REQUEST_VIEW,      /* the view of the digit */
	REQUEST_NEXT_VIEW, /* argument: -1 for the previous one */
	REQUEST_FOLLOW,
	REQUEST_VISITS,
	REQUEST_WORST,
	REQUEST_COLUMNS,
	REQUEST_SAVE_VIEW,
	REQUEST_VIEWS,
	REQUEST_EXPORT,
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
	REQUEST_HOLDERS,
	REQUEST_MARK,
	REQUEST_MARK_RANGE,
	REQUEST_MARK_SHOWN,
	REQUEST_ALL,
	REQUEST_PLAN, /* argument: enum plan_act */
	REQUEST_EXTEND,
	REQUEST_LABEL,
	REQUEST_UNDO,
	REQUEST_MERGE,
	REQUEST_COPY_CELL,
	REQUEST_COPY_ROW,
	REQUEST_COPY_JSON,
	REQUEST_COPY_COMMAND
};

/* Needs of a key, as bits. */
enum key_need {
	NEED_ROW = 1,
	NEED_WRITE = 2,
	NEED_FRESH = 4,
	NEED_RIGHT = 8, /* the user may write */
	NEED_LIVE = 16  /* the row is not gone */
};
#define NEED_CHANGE (NEED_RIGHT | NEED_WRITE | NEED_FRESH)
#define NEED_PLAN (NEED_ROW | NEED_LIVE | NEED_CHANGE)

struct key {
	enum request request;
	int argument;
	int presses[4];     /* ended by 0 */
	const char *names;  /* names of the keys for the help, the letter first */
	const char *hint;   /* one word for the last line; NULL: not shown there */
	const char *help;   /* NULL: the plural of the digit's view */
	enum action action; /* ACTION_NONE: on every screen */
	unsigned need;
};

/* The table; REQUEST_NONE ends it. */
extern const struct key keys[];

/* Returns the key's entry on a screen, or NULL. The screen's own come before those of every screen. */
const struct key *key_find(int press, const struct view *view);

/* Returns whether an entry works on a screen. */
bool key_works(const struct key *key, const struct view *view);

/* Returns the help of an entry. */
const char *key_help(const struct key *key);

/* Appends where and when it works, " (pools, leases) (write mode)"; nothing for a key that always does. */
void key_note(const struct key *key, struct buf *out);

/* Returns the view that a digit shows, or NULL. */
const struct view *key_view(int press);

/* Appends every key, one per line, key first: the output of --keys. */
void keys_print(struct buf *out);

#endif
