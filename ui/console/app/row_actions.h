/*
 * Actions of keys on the row under the cursor, and on the choice of rows that are shown.
 */
#ifndef UI_CONSOLE_APP_ROW_ACTIONS_H
#define UI_CONSOLE_APP_ROW_ACTIONS_H

struct app;

/* Opens one level down: the leases of a pool, the items of a bulk, the values of a key, else the details of
 * the row. */
void row_open(struct app *app);
void row_open_resources(struct app *app);
void row_open_holders(struct app *app);

/* Opens the cause of the worst alert. */
void row_open_worst(struct app *app);

/* Shows or hides rows that have ended. */
void row_toggle_all(struct app *app);

#endif
