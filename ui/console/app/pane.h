/*
 * A pane: one view with its scope, filter and sort, and the state of its list. It is a place to come back to.
 */
#ifndef UI_CONSOLE_APP_PANE_H
#define UI_CONSOLE_APP_PANE_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/id.h"
#include "db/batch/rowset.h"
#include "ui/console/list/list.h"
#include "ui/console/list/marks.h"
#include "ui/console/list/scope.h"
#include "ui/console/list/view.h"

struct pane {
	const struct view *view;
	struct list list;
	char *filter; /* as typed, "!" included; never NULL */
	char *given;  /* the filter with which it was opened; never NULL */
	struct scope scope;
	int sort;
	bool reverse;    /* against the first direction of the sort */
	int64_t among;   /* the order is that of these rows, and there are more; 0: of all */
	int64_t sampled; /* filter and order are by samples of this time; 0: as the rows are now */
	int64_t total;
	bool at_least;      /* there may be more than that */
	struct reach reach; /* of the search with the filter */
	char *reach_text;   /* its text, or NULL */
	int64_t from;       /* the key after which that search went on; 0: it began at the start */
	char *from_text;    /* the same, where the key is a text; or NULL */
	int64_t looked;     /* rows that it had looked through before that */
	bool all;           /* also rows that have ended */
	unsigned hidden;    /* columns that are not shown: bits 1 << column */
	struct marks marks;
	bool ranging;                  /* every move marks the rows that it passes */
	bool starred;                  /* the last key marked the rows on the screen */
	struct rowset more[VIEW_SETS]; /* rows that belong to one row of the list, copies */
	struct id more_of;             /* the id of that row */
	bool roomy;                    /* the screen has room for these rows */
	bool expanded;                 /* the detail has the whole screen */
	int detail_top;                /* its first visible row */
	struct rowset head[VIEW_SETS]; /* rows of the screen's header, copies */
	bool headed;                   /* the header has been answered */
	int64_t fetched;               /* steady time of the last answer; TIME_NONE: never */
	int64_t behind;                /* age of the data at that answer, in microseconds: of a standby's */
	int64_t failed;                /* steady time of a later failure; TIME_NONE: none */
	uint64_t question;             /* its number; an answer to an older one is dropped */
	bool fresh;                    /* the question has changed since the last answer */
	bool moved;                    /* the cursor or the size of the screen has changed since then */
};

/* Returns a pane without rows. Takes the scope. */
struct pane *pane_new(const struct view *view, struct scope scope) __attribute__((returns_nonnull));
void pane_free(struct pane *pane); /* takes NULL */

/* Appends what is sorted, unless it is all rows as they are now: " among 10 000", " by samples 5m ago". */
void pane_sorted(const struct pane *pane, int64_t now, struct buf *out);

/* Begins the search with the filter at the start. */
void pane_search_anew(struct pane *pane);

#endif
