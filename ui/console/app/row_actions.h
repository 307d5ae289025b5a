/*
 * What keys do to the row under the cursor, and to which rows are shown.
 */
#ifndef UI_CONSOLE_APP_ROW_ACTIONS_H
#define UI_CONSOLE_APP_ROW_ACTIONS_H

struct app;

/* One level down: the leases of a pool, the items of a bulk, the values of a key, else all about the row. */
void row_open(struct app *app);
void row_open_resources(struct app *app);

/* Marks the row for a plan, or not; all rows on the screen, or none. */
void row_mark(struct app *app);
void row_mark_shown(struct app *app);

/* Shows also what has ended, or not. */
void row_toggle_all(struct app *app);

#endif
