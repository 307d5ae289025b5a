/*
 * Marking rows for a plan: one, a range, those on the screen, or all that match.
 */
#ifndef UI_CONSOLE_APP_MARKING_H
#define UI_CONSOLE_APP_MARKING_H

#include <stddef.h>

struct app;
struct batch;
struct in_flight;
struct pane;

/* Marks or unmarks the row under the cursor, and moves to the next one. */
void marking_toggle(struct app *app);

/* Begins a range at the cursor, which every move then extends; again: ends it. */
void marking_range(struct app *app);

/* Marks the rows from one to the other, by their index in the list, if a range has begun. */
void marking_moved(struct app *app, size_t from, size_t to);

/* Marks the rows on the screen; once more, all that match; once more, none. */
void marking_shown(struct app *app);

/* Takes the answer with all rows that match, to in_flight->question. */
void marking_gathered(struct app *app, const struct in_flight *in_flight, const struct batch *b);

/* Returns the marked rows in the order of the list, borrowed, in an array that the caller frees. Where not
 * all are loaded, they are sorted by what the list is sorted by. */
const void **marking_ordered(const struct pane *pane) __attribute__((returns_nonnull, warn_unused_result));

#endif
