/*
 * A screen that lists things: one file, one table.
 *
 * A view says what to ask the server, which columns its rows have, and what a
 * row means in words.  Everything else (the frame, the list, keys, filter, sort,
 * copying, --once and --linear) is the same for all of them and lives once.  A
 * new screen is a file with a `const struct view` and its line in views[].
 *
 * All of it is pure: rows, context and a grid in, cells out.
 */
#ifndef UI_CONSOLE_LIST_VIEW_H
#define UI_CONSOLE_LIST_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/batch/rowset.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/list/action.h"
#include "ui/console/list/list.h"
#include "ui/console/list/scope.h"
#include "ui/console/widgets/pen.h"

struct batch;
struct buf;
struct row_type;
struct selector;

#define VIEW_SETS 3 /* the most that belong to a row, or to a screen */

/* VIEW_SETS of them get copies of what the steps from `first` to `end` have answered; one without a step is
 * empty. And gives them up. */
void rowsets_take(struct rowset *sets, const struct row_type *const *types, const struct batch *b,
    size_t first, size_t end);
void rowsets_release(struct rowset *sets);

/* What drawing a row depends on beside the row. */
struct context {
	int64_t now;               /* wall clock */
	struct scope scope;        /* borrowed */
	const struct rowset *more; /* what belongs to the row: as many as view.more_types; NULL: not known */
	const struct rowset *head; /* what belongs to the screen, likewise */
};

/* Columns with a lower `drop` are nice to have. */
#define LUXURY 5

/*
 * A column of a screen: a column of the view's shape, or one of the screen alone, and the room that it takes.
 *
 *     {"holder", .width = 10}                     a column of the shape
 *     {"project", "PROJECT", .width = 10}         ... under another title, or one that tables do not have
 *     {NULL, "HELD", .text = text_held, ...}      computed with the clock
 *     {NULL, "STATE", .badge = badge, ...}        the word and glyph of the row's badge
 */
struct view_column {
	const char *name;   /* of a column of the shape; NULL: text(), badge() or draw() */
	const char *title;  /* NULL: the shape's */
	const char *narrow; /* the title where it is narrow; NULL: the same */
	int width;          /* the least */
	int good;   /* enough; 0: the least is. Columns with a drop under LUXURY go before another has less */
	int most;   /* the most that it may grow to */
	int drop;   /* the lowest goes first when there is no room; 0: never */
	bool right; /* flush right; columns of the shape are where tables have them so */
	enum safe_cut cut;
	bool unscoped;    /* only when the list is not limited to a pool, */
	bool unprojected; /* ... or to a project */
	void (*text)(const void *row, const struct context *context, struct buf *out); /* as view_cell() */
	const struct badge *(*badge)(
	    const void *row, const struct context *context); /* beside a text: its style */
	enum style (*style)(
	    const void *row, const struct context *context); /* NULL: of the badge, or normal */
	/* Draw the cell instead of its text, where it is more than text; and its title. */
	void (*draw)(
	    struct grid *g, int row, int column, int end, const void *data, const struct context *context);
	void (*scale)(struct grid *g, int row, int column, int end);
};

/* A question to the server: a window of rows. */
struct question {
	const char *match;               /* a word of the filter; NULL or "": all */
	const struct selector *selector; /* the filter as a selector, or NULL; not both */
	bool invert;                     /* what the one of both does not match */
	struct scope scope;              /* borrowed */
	bool all;                        /* also what has ended */
	int sort;
	enum list_jump jump;
	int64_t key;    /* of the row on the top; 0: none */
	const void *at; /* that row, for lists kept by a text; borrowed while it is asked */
	int64_t offset; /* of the top, for lists kept by offset */
	bool after;     /* only what is behind key and offset: for going through all of it */
	int64_t page;   /* rows of the screen; the window has more */
	int64_t total;  /* as last answered; -1: unknown */
};

struct answer {
	struct list_fill fill;
	const void **rows; /* fill.rows, owned */
	bool owned;        /* each of them as well; else borrowed from the batch */
	int64_t total;     /* -1: unknown */
};

void answer_release(struct answer *answer);

struct view {
	const char *name; /* the word of the command line */
	const char *title;
	const char *one; /* "pool" */
	struct list_kind kind;
	const char *plural;         /* "the queue": the help of its digit; NULL: it has none */
	const struct view *above;   /* the view to go back to; NULL: the first one */
	const char *nothing;        /* what is said of an empty list */
	bool labelled;              /* its rows have labels, by which they can be filtered */
	int64_t period;             /* between refreshes, of what is dear to ask for; 0: as all others */
	bool scoped;                /* there is nothing to see unless it is limited to something */
	bool inner;                 /* not a screen of its own: reached from the row of another */
	bool marks;                 /* its rows can be marked for a plan */
	const enum action *actions; /* those of its own, ended by ACTION_NONE */
	/* The place that Enter leads to. Returns why there is none, or NULL; without it Enter shows the
	 * detail. */
	const char *(*open)(const void *row, struct jump *jump);
	/* The subject of a plan. Returns why the row cannot be planned, or NULL. */
	const char *(*subject)(const void *row, struct subject *subject);
	/* Appends the subject of a form of an enum form_type: the text that it opens with. */
	void (*form)(const void *row, int type, struct buf *out);
	/* What a roomy detail shows beside the row, and what stands above the list: a step of the batch each.
	 */
	const struct row_type *more_types[VIEW_SETS];
	const struct row_type *head_types[VIEW_SETS];
	void (*ask_more)(const void *row, struct batch *b);
	void (*ask_head)(struct batch *b);
	void (*head)(
	    struct pen *p, const struct context *context); /* the loudest first; NULL: nothing stands there */
	const struct view_column *columns;
	size_t column_count;
	size_t main;              /* the column that names the row */
	const char *const *sorts; /* ended by NULL */
	unsigned descending;      /* bits 1 << sort: its greatest is on the top; what the arrow shows */
	void (*ask)(const struct question *q, struct batch *b);
	/* Reads what ask() asked for, for answer_release(). */
	void (*read)(const struct question *q, const struct batch *b, struct answer *out);
	void (*detail)(struct pen *p, const void *row, const struct context *context);
	void (*brief)(
	    struct pen *p, const void *row, const struct context *context); /* the detail in one line */
	void (*alert)(const void *row, const struct context *context,
	    struct buf *out); /* what needs a person, or nothing; NULL: no row ever does */
	void (*linear)(
	    const void *row, const struct context *context, struct buf *out); /* one line, may be foreign */
	void (*command)(const void *row, struct buf *out); /* what shows it on the command line, exact */
	const char *pool; /* the member that names the row's pool; NULL: rows have none */
	bool (*ticks)(const void *row, int64_t now); /* shows a span to the second; NULL: never */
};

/* The list of views (ui/console/screens/views.c): ended by NULL, the inner ones last; digits show the others.
 */
extern const struct view *const views[];
extern const struct view view_pools;
extern const struct view view_leases;
extern const struct view view_queue;
extern const struct view view_labels;
extern const struct view view_lookalikes;
extern const struct view view_projects;
extern const struct view view_resources;
extern const struct view view_duplicate_rows;
extern const struct view view_dedupe_runs;
extern const struct view view_values;
extern const struct view view_targets;

/*
 * A window keyed by a number, newest first: what most lists are. It is asked for
 * in one or two parts, each with one row more than is shown, which tells whether
 * there are more.
 */
struct window {
	int64_t after; /* 0: from the start */
	bool backwards;
	int64_t limit;
};

/* The parts of a question, 1 or 2 of them; and the answer, whose parts are the steps from 0. */
size_t window_parts(const struct question *q, struct window parts[2]);
void window_read(const struct question *q, const struct batch *b, struct answer *out);

/*
 * The same of a list that is kept by offset: where its window begins, with a
 * page before the screen and two behind; the answer's rows are step 0, and step 1
 * is a struct total.
 */
int64_t offset_start(const struct question *q);
void offset_read(const struct question *q, const struct batch *b, struct answer *out);

/* The same window of rows that are all there, which it takes. */
void whole_read(const struct question *q, const void **rows, size_t total, struct answer *out);

/* The view to go back to from a list with that scope. */
const struct view *view_above(const struct view *view, const struct scope *scope);

/* The sort that a view begins with: what runs out first, where that is known. */
int view_sort(const struct view *view);

/* Returns the title of a column, and whether it is flush right. */
const char *view_title(const struct view *view, size_t column);
bool view_is_right(const struct view *view, size_t column);

/* Appends the exact text of a cell, which may be foreign. */
void view_cell(
    const struct view *view, size_t column, const void *row, const struct context *context, struct buf *out);

/* The pool of a row; NULL: it has none. */
const char *view_pool(const struct view *view, const void *row);

/* The view of that name; NULL when there is none. */
const struct view *view_find(const char *name);

/* Its index in views[]. */
size_t view_index(const struct view *view);

/* Whether it has the action. */
bool view_has(const struct view *view, enum action action);

#endif
