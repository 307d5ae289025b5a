/*
 * A screen that lists things: one file, one table.
 *
 * A view says what to ask the server, which columns its rows have, and what a
 * row means in words.  Everything else (the frame, the list, keys, filter, sort,
 * copying, --once and --linear) is the same for all of them and lives once.  A
 * new screen is a file with a `const struct view` and its line in views[].
 *
 * All of it is pure: rows, facts and a grid in, cells out.
 */
#ifndef UI_CONSOLE_VIEW_H
#define UI_CONSOLE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/console/grid.h"
#include "ui/console/list.h"
#include "ui/console/pen.h"

struct batch;
struct buf;

/* What drawing a row depends on beside the row. */
struct facts {
	int64_t now;             /* wall clock */
	const char *scope;       /* the pool that the list is limited to, or NULL */
	const void *const *more; /* rows of more_type that belong to the row */
	size_t more_count;
};

/* Columns with a lower `drop` are nice to have. */
#define LUXURY 5

struct column {
	const char *title;
	const char *brief; /* the title where it is narrow; NULL: the same */
	int width;         /* the least */
	int good; /* enough; 0: the least is. Columns with a drop under LUXURY go before another has less */
	int most; /* what it may grow to */
	int drop; /* the lowest goes first when there is no room; 0: never */
	enum align align;
	enum safe_cut cut;
	bool unscoped; /* only when the list is not limited to a pool */
	/* The cell's exact text, which may be foreign. */
	void (*text)(const void *row, const struct facts *facts, struct buf *out);
	enum style (*style)(const void *row, const struct facts *facts); /* NULL: normal */
	enum glyph (*glyph)(const void *row, const struct facts *facts); /* before the text; GLYPHS: none */
	/* Instead of the text, where a cell is more than text; and its title. */
	void (*draw)(
	    struct grid *g, int row, int column, int end, const void *data, const struct facts *facts);
	void (*scale)(struct grid *g, int row, int column, int end);
};

/* A question to the server: a window of rows. */
struct question {
	const char *match; /* NULL or "": all */
	bool invert;
	const char *scope;
	int sort;
	enum list_jump jump;
	int64_t key;         /* of the row on the top; 0: none */
	int64_t offset;      /* of the top, for lists kept by offset */
	bool after;          /* only what is behind key and offset: for going through all of it */
	int64_t page;        /* rows of the screen; the window has more */
	int64_t total;       /* as last answered; -1: unknown */
	const char *more_of; /* ask also for what belongs to the row of this name; NULL: not */
};

struct answer {
	struct list_fill fill;
	const void **rows; /* fill.rows, owned */
	int64_t total;     /* -1: unknown */
	const void **more; /* of question.more_of, owned */
	size_t more_count;
};

struct view {
	const char *name; /* the word of the command line */
	const char *title;
	const char *one; /* "pool" */
	struct list_kind kind;
	const struct row_type *more_type; /* of rows that a roomy detail shows beside the row; NULL: none */
	const struct column *columns;
	size_t column_count;
	size_t main;              /* the column that names the row */
	const char *const *sorts; /* ended by NULL */
	unsigned descending;      /* bits 1 << sort: its greatest is on the top; what the arrow shows */
	void (*ask)(const struct question *q, struct batch *b);
	/* Reads what ask() asked for. The rows are borrowed from the batch, the arrays are the caller's to
	 * free. */
	void (*read)(const struct question *q, const struct batch *b, struct answer *out);
	void (*detail)(struct pen *p, const void *row, const struct facts *facts);
	void (*brief)(struct pen *p, const void *row, const struct facts *facts); /* the detail in one line */
	void (*alert)(const void *row, const struct facts *facts,
	    struct buf *out); /* what needs a person, or nothing */
	void (*linear)(
	    const void *row, const struct facts *facts, struct buf *out); /* one line, may be foreign */
	void (*command)(const void *row, struct buf *out); /* what shows it on the command line, exact */
	const char *(*scope)(const void *row);             /* the pool of the row */
};

/* Ended by NULL; the keys 1 to 9 are their places. */
extern const struct view *const views[];
extern const struct view view_pools;
extern const struct view view_leases;

/* The sort that a view begins with: what runs out first, where that is known. */
int view_sort(const struct view *view);

/* The index in views[] of that name; false when there is none. */
bool view_find(const char *name, size_t *index);

#endif
