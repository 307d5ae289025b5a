/*
 * Begins the console again, for another server.
 */
#ifndef UI_CONSOLE_APP_RESTART_H
#define UI_CONSOLE_APP_RESTART_H

struct app;

/* Forgets every row, mark, filter, plan and pending command, and ends write mode; keeps what the operator has
 * typed, and how the console looks. */
void app_restart(struct app *app);

#endif
