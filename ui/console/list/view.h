/*
 * A screen that lists things: one file, one table.
 *
 * A view defines the question to the server, the columns of its rows, and the meaning of a row in words.
 * Everything else (the frame, the list, keys, filter, sort, copying, --once and --linear) is the same for all
 * of them and exists once. A new screen is a file with a `const struct view` and its line in views[].
 *
 * All of it is pure: rows, context and a grid in, cells out.
 */
#ifndef UI_CONSOLE_LIST_VIEW_H
#define UI_CONSOLE_LIST_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/batch/rowset.h"
#include "db/base/buf.h"
#include "model/order.h"
#include "model/syntax/filter.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/list/action.h"
#include "ui/console/list/list.h"
#include "ui/console/list/scope.h"
#include "ui/console/widgets/pen.h"

struct batch;
struct row_type;
struct search;
struct selector;

#define VIEW_SETS 5 /* most row sets of a row, or of a screen */

/* Copy the answers of the steps from `first` to `end` to the VIEW_SETS sets, one each, of which those without
 * a step become empty; release the sets. */
void rowsets_take(struct rowset *sets, const struct row_type *const *types, const struct batch *b,
    size_t first, size_t end);
void rowsets_release(struct rowset *sets);

/* Everything that drawing a row depends on, except the row. */
struct context {
	int64_t now;               /* wall clock */
	struct scope scope;        /* borrowed */
	unsigned hidden;           /* columns that are not shown: bits 1 << column */
	bool ascii;                /* only bytes under 0x80 */
	int sort;                  /* of the list, */
	bool reverse;              /* and whether against its first direction */
	const struct rowset *more; /* the row sets of the row, as many as view.more_types; NULL: not known */
	const struct rowset *head; /* the row sets of the screen, likewise */
};

/* Columns with a lower `drop` are optional. */
#define LUXURY 5

/*
 * A column of a screen: a column of the view's shape, or one that only the screen has, and its width.
 *
 *     {"holder", .width = 10}                     a column of the shape
 *     {"project", "PROJECT", .width = 10}         ... with another title, or one that tables do not have
 *     {NULL, "HELD", .text = text_held, ...}      computed with the clock
 *     {NULL, "STATE", .badge = badge, ...}        the word and glyph of the row's badge
 */
struct view_column {
	const char *name;   /* of a column of the shape; NULL: text(), badge() or draw() */
	const char *title;  /* NULL: the shape's */
	const char *narrow; /* the title in a narrow column; NULL: the same */
	int width;          /* least width */
	int good; /* good width, 0: the least; columns with a drop below LUXURY go before others have less */
	int most; /* greatest width */
	int drop; /* the lowest is dropped first when room is short; 0: never */
	bool right; /* flush right; columns of the shape are as in tables */
	enum safe_cut cut;
	bool unscoped;    /* shown only when the list is not limited to a pool, */
	bool unprojected; /* ... or to a project */
	void (*text)(const void *row, const struct context *context, struct buf *out); /* as view_cell() */
	const struct badge *(*badge)(
	    const void *row, const struct context *context); /* for a column with text(): its style */
	enum style (*style)(
	    const void *row, const struct context *context); /* NULL: of the badge, or normal */
	/* Draw the cell, where it is more than text, and its title. */
	void (*draw)(
	    struct grid *g, int row, int column, int end, const void *data, const struct context *context);
	void (*scale)(struct grid *g, int row, int column, int end);
};

/*
 * The order of a sort of a view. Its rows are sorted by the server; or, where the answer has them all, by a
 * member here.
 *
 *     {"SIZE", .descending = true}               the server sorts, by the name of the sort
 *     {NULL, .descending = true, .keyed = true}  the window is keyed by kind.key, and never sorted
 *     {"USED", .member = "used"}                 sorted here
 */
struct view_order {
	const char *column; /* the title of its column; NULL: it has none */
	bool descending;    /* the greatest comes first, of a span the longest, until it is reversed */
	bool keyed;
	const char *member; /* NULL where the rows are loaded: the order of the answer */
	bool span;          /* what is shown is the time since the member */
};

/* The member that a field of filters is about, where the rows are loaded: a count, a time, a text; of a field
 * with two words a bool. */
struct view_member {
	const char *field; /* NULL ends the list */
	const char *member;
};

/* The databases of a fleet, in the order of their parts in a gathered batch (db/batch/gather.h). Borrowed. */
struct environments {
	const char *const *names;
	const char *const *troubles; /* why one has no answer; NULL: it has one */
	size_t count;
};

/* A question to the server: a window of rows. */
struct question {
	const struct row_filter *filter; /* borrowed; NULL: all rows */
	int64_t now;                     /* the server's clock, for the spans in the filter */
	int64_t from;                    /* the key after which a search goes on; 0: the start */
	const char *from_text;           /* the same of a list that is keyed by a text; borrowed */
	bool whole;                      /* the rows must be complete: a search may take its time */
	struct scope scope;              /* borrowed */
	bool all;                        /* also what has ended */
	int sort;
	bool reverse;
	const struct view *view;   /* set by view_ask() and view_read() */
	struct environments fleet; /* that are asked; none: one database */
	enum list_jump jump;
	struct id keep; /* of JUMP_ROW: the row */
	int64_t key;    /* of the top row, or of that one; 0: none */
	const void *at; /* that row; borrowed while the batch is made */
	int64_t offset; /* of the top row, for lists kept by offset */
	bool after;     /* only rows after `at`, key and offset: to read all of them */
	bool every;     /* all rows are read: at once those that are loaded or sorted anyway */
	int64_t page;   /* number of rows on the screen; the window has more */
	int64_t total;  /* as answered last; -1: unknown */
};

/* The progress of a search with a filter; all 0: to the end, or to a full page. */
struct reach {
	int64_t key;      /* to go on from; 1 where it is a text: */
	const char *text; /* borrowed */
	int64_t looked;   /* rows that were looked through */
	int64_t rows;     /* about how many there are; 0: not known */
};

struct answer {
	struct list_fill fill;
	const void **rows; /* fill.rows, owned */
	bool owned;        /* each row is owned as well; else borrowed from the batch */
	int64_t total;     /* -1: unknown */
	bool at_least;     /* there may be more than were counted */
	struct reach reach;
	int64_t among;   /* the order is that of these rows, and there are more; 0: of all */
	int64_t sampled; /* filter and order are by samples of this time; 0: as the rows are now */
};

void answer_release(struct answer *answer);

struct view {
	const char *name; /* its name on the command line */
	const char *title;
	const char *one; /* one row is called so: "pool" */
	struct list_kind kind;
	const char *plural;                /* the help of its digit, "the queue"; NULL: it has no digit */
	const char *nothing;               /* the text in an empty list */
	enum filter_rows fields;           /* its rows have these fields for filters, and words and labels */
	const struct view_member *members; /* of the fields, where the rows are loaded */
	int64_t period;                    /* between refreshes, if it is expensive to read; 0: APP_PERIOD */
	bool scoped;                       /* it is empty without a scope */
	bool inner;                        /* not in the tabs: opened from a row of another view */
	const enum action *actions;        /* its own actions, ended by ACTION_NONE */
	/* Returns in `jump` where Enter leads to, and why there is no such place or NULL. Without it Enter
	 * shows the detail. */
	const char *(*open)(const void *row, struct jump *jump);
	/* Returns in `subject` the subject of a plan, and why the row cannot have one or NULL. */
	const char *(*subject)(const void *row, struct subject *subject);
	/* Appends the text that a form of this enum form_type opens with. */
	void (*form)(const void *row, int type, struct buf *out);
	/* The row sets of a roomy detail and of the header above the list: a step of the batch each. */
	const struct row_type *more_types[VIEW_SETS];
	const struct row_type *head_types[VIEW_SETS];
	void (*ask_more)(const void *row, const struct scope *scope, struct batch *b);
	void (*ask_head)(struct batch *b);
	void (*head)(
	    struct pen *p, const struct context *context); /* the most urgent line first; NULL: no header */
	const struct view_column *columns;
	size_t column_count;
	size_t main;                     /* the column that names the row */
	const char *const *sorts;        /* ended by NULL */
	const struct view_order *orders; /* of each sort */
	int first;                       /* the sort that it begins with */
	void (*ask)(const struct question *q, struct batch *b);
	/* Adds the step that asks for the one row of a SCOPE_ONE, by its id or, if that is nil, its name;
	 * NULL: there is no such scope. */
	void (*ask_one)(struct id id, const char *name, struct batch *b);
	/* Adds the places that a row names. */
	void (*links)(const void *row, const struct context *context, struct links *out);
	/* Reads the answer to ask(); the caller calls answer_release(). */
	void (*read)(const struct question *q, const struct batch *b, struct answer *out);
	void (*detail)(struct pen *p, const void *row, const struct context *context);
	void (*brief)(
	    struct pen *p, const void *row, const struct context *context); /* the detail in one line */
	void (*linear)(
	    const void *row, const struct context *context, struct buf *out); /* one line, may be foreign */
	void (*command)(const void *row, struct buf *out); /* appends the command that shows the row, exact */
	const char *pool; /* the member that names the row's pool; NULL: rows have none */
	bool (*ticks)(const void *row, int64_t now); /* true: shows a span to the second; NULL: never */
};

/* The list of views (ui/console/screens/views.c), ended by NULL, the inner ones last. Digits show the
 * others. */
extern const struct view *const views[];
extern const struct view view_pools;
extern const struct view view_leases;
extern const struct view view_queue;
extern const struct view view_labels;
extern const struct view view_lookalikes;
extern const struct view view_projects;
extern const struct view view_alerts;
extern const struct view view_resources;
extern const struct view view_holders;
extern const struct view view_duplicate_rows;
extern const struct view view_dedupe_runs;
extern const struct view view_removed_rows;
extern const struct view view_values;
extern const struct view view_targets;
extern const struct view view_fleet; /* not in the list: the only one of the console of a fleet */

/*
 * A window keyed by a number, newest first, as most lists have. It is requested in one or two parts, each
 * with one row more than is shown, which tells whether there are more.
 */
struct window {
	int64_t after; /* 0: from the start */
	bool backwards;
	int64_t limit;
};

/* Return the parts of a question, 1 or 2 of them; read the answer, whose parts are the steps from 0. */
size_t window_parts(const struct question *q, struct window parts[2]);
void window_read(const struct question *q, const struct batch *b, struct answer *out);

/* Reads the same, and after it a struct search, which is not asked for when all rows are read one window
 * after the other. */
void search_read(const struct question *q, const struct batch *b, struct answer *out);

/* Returns how long the search for an answer may take, in microseconds: what it has found by then is shown.
 * The first one must not be felt; one that the operator has asked to go on may take longer. */
int64_t search_patience(const struct question *q);

/* Returns where the window of a list kept by offset begins, with a page before the screen and two after. */
int64_t offset_start(const struct question *q);

/* Filters and sorts rows that are all loaded, and reads such a window of them. Takes the rows. */
void whole_read(const struct question *q, const void **rows, size_t total, struct answer *out);

/* Sorts rows that are all loaded, and are not windowed. */
void loaded_sort(const struct question *q, const void **rows, size_t count);

/* Sorts rows as a sort of the view does, by its member or that of its column; a column that is computed
 * leaves them as they are. */
void view_sort_rows(const struct view *view, int sort, bool reverse, const void **rows, size_t count);

/* Reads a window of the rows of step 0, which are all; or of the first LOADED_MOST, if it has one more. */
void rows_read(const struct question *q, const struct batch *b, struct answer *out);
void loaded_read(const struct question *q, const struct batch *b, struct answer *out);

/* Tells in the answer that its rows, which are all of a search and sorted, are not all that match. */
void searched_read(const struct search *search, struct answer *out);

#define LOADED_MOST 2000 /* rows that are loaded to be sorted, where there may be more */

/* Ask a question of a view, and read the answer, also for a SCOPE_ONE. */
void view_ask(const struct view *view, const struct question *q, struct batch *b);
void view_read(const struct view *view, const struct question *q, const struct batch *b, struct answer *out);

/*
 * The order of a question, for the lists that the server sorts: `order` is for the model, and borrows from
 * it. `keep` is the text by which the server knows the row `at`; NULL: its id. The rows are step 0, up to
 * sorted_limit() or `most` of them, and step 1 is a struct sorting.
 */
struct ordering {
	struct order order;
	struct buf after;
	struct buf keep;
};

#define SORTED_MOST 10000 /* rows that are sorted where there may be millions */

void ordering_init(struct ordering *ordering, const struct question *q, const char *keep);
void ordering_release(struct ordering *ordering);
int64_t sorted_limit(const struct question *q, int64_t most);
void sorted_read(const struct question *q, int64_t most, const struct batch *b, struct answer *out);

/* Return whether a sort is keyed; the first one that is, or `sort` when none is; and whether its greatest
 * comes first. */
bool view_is_keyed(const struct view *view, int sort);
int view_keyed_sort(const struct view *view, int sort);
bool view_falls(const struct view *view, int sort, bool reverse);

/* Returns the sort of a column, -1 for none. A column without a title belongs to the one before it. */
int view_sort_of(const struct view *view, size_t column);

/* Append a sort as words: "free", "free reverse"; read them, false when the view has no such sort. */
void view_sort_words(const struct view *view, int sort, bool reverse, struct buf *out);
bool view_sort_read(const struct view *view, const char *words, int *sort, bool *reverse)
    __attribute__((warn_unused_result));

/* Returns the sort of a name, -1 if the view has none. */
int view_sort_named(const struct view *view, const char *name);

/* Return the title of a column, and whether it is flush right. */
const char *view_title(const struct view *view, size_t column);
bool view_is_right(const struct view *view, size_t column);

/* Appends the exact text of a cell, which may be foreign. */
void view_cell(
    const struct view *view, size_t column, const void *row, const struct context *context, struct buf *out);

/* Returns the pool of a row; NULL: it has none. */
const char *view_pool(const struct view *view, const void *row);

/* Returns the view of that name; NULL when there is none. */
const struct view *view_find(const char *name);

/* Returns its index in views[]. */
size_t view_index(const struct view *view);

/* Returns whether it has the action. */
bool view_has(const struct view *view, enum action action);

#endif
