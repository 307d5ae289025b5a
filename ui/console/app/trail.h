/*
 * The trail: the places that the operator has been at, and the way back.
 *
 * Each tab has a stack of panes, its own list at the bottom. A jump pushes a pane, and going back drops it,
 * so that the pane below is as it was left: filter, cursor and scroll included. A digit changes to another
 * tab and leaves this one's stack as it is; the digit of the tab that is shown drops all but its own list.
 *
 * The visits are the places of all tabs, the newest first. They are only scopes and filters, to go there
 * again.
 */
#ifndef UI_CONSOLE_APP_TRAIL_H
#define UI_CONSOLE_APP_TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/console/app/pane.h"

struct buf;

#define TRAIL_TABS 12
#define TRAIL_DEPTH 32  /* most panes of a tab; a further jump drops the oldest above its list */
#define TRAIL_VISITS 16 /* most visits */

struct tab {
	struct pane *panes[TRAIL_DEPTH]; /* owned; the first is the tab's own list */
	size_t depth;
};

/* A place that was shown. */
struct visit {
	const struct view *view;
	struct scope scope; /* owned */
	char *filter;       /* owned */
};

/* Appends a place in words: "leases of web /tier=x". Foreign. */
void visit_words(const struct visit *visit, struct buf *out);

struct trail {
	struct tab tabs[TRAIL_TABS];
	size_t current;
	struct visit visits[TRAIL_VISITS];
	size_t visited;
};

/* Begins at the first tab; releases everything. */
void trail_init(struct trail *trail);

/* Begins at another view instead, from which there is no way back. */
void trail_begin(struct trail *trail, const struct view *view);
void trail_release(struct trail *trail);

/* Returns the pane that is shown; never NULL. */
struct pane *trail_top(const struct trail *trail);

/* Returns the pane below it in its tab, or NULL. */
const struct pane *trail_below(const struct trail *trail);

/* Returns the newest pane of a view: in this tab, else in its own; NULL when there is none. */
struct pane *trail_find(const struct trail *trail, const struct view *view);

/* Returns the pane with that question, or NULL. A pane that was never shown has none, 0. */
struct pane *trail_asked(const struct trail *trail, uint64_t question);

/* Shows a tab as it was left, or, if it is shown, its own list. */
void trail_show(struct trail *trail, const struct view *view);

/* Shows the tab's own list. */
void trail_root(struct trail *trail, const struct view *view);

/* Pushes a pane, which it takes. */
void trail_push(struct trail *trail, struct pane *pane);

/* Goes back one pane, else to the first tab; false when it shows that already. */
bool trail_back(struct trail *trail);

/* Notes the pane that is shown, before it is left, as the newest visit. */
void trail_visit(struct trail *trail);

/* Returns whether a visit is the place that is shown. */
bool trail_is_here(const struct trail *trail, const struct visit *visit);

#endif
