/*
 * The search for an address: `/10.9.0.77` shows the rows of the screen that show it or contain it, as any
 * filter does. Where there is none, `pool find` tells which pools have the address and what it is now, and
 * the filter from before returns.
 */
#ifndef UI_CONSOLE_APP_ADDRESS_SEARCH_H
#define UI_CONSOLE_APP_ADDRESS_SEARCH_H

struct app;
struct pane;

/* Begins it when the filter that was just accepted is an address or a range of addresses. */
void address_search_begin(struct app *app);

/* Goes on after the rows of a pane were answered. */
void address_search_answered(struct app *app, const struct pane *pane);

/* Ends it, when another key event came before the answer. */
void address_search_end(struct app *app);

#endif
