/*
 * The console of a fleet: one screen with the pools of several databases, from which Enter opens the console
 * of one, and the way back.
 */
#ifndef UI_CONSOLE_APP_FLEET_MODE_H
#define UI_CONSOLE_APP_FLEET_MODE_H

#include <stdbool.h>

#include "ui/console/list/view.h"

struct app;

/* Why a fleet does not do what needs one database. */
extern const char fleet_mode_refusal[];

/* Shows the pools of a fleet; the names are borrowed. */
void fleet_mode_show(struct app *app, struct environments fleet);

/* Says that a fleet has no other screen. Returns whether one is shown. */
bool fleet_mode_stays(struct app *app);

/* Answers the next request, which only one database can carry out, with an error. */
void fleet_mode_refuse(struct app *app, const char *detail);

/* Requests the database of a jump that leads to another one, and takes the jump; false for others. */
bool fleet_mode_leave(struct app *app, struct jump *jump);

/* Requests the fleet again, when the console was opened from one; else false. */
bool fleet_mode_return(struct app *app);

#endif
