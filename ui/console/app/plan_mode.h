/*
 * Plans, from the key that opens one to the one that confirms it: what their
 * keys do to the state.  ui/console/dialogs/plan.h is the plan itself.
 */
#ifndef UI_CONSOLE_APP_PLAN_MODE_H
#define UI_CONSOLE_APP_PLAN_MODE_H

#include <stdbool.h>

#include "ui/console/dialogs/plan.h"

struct app;

/* Plans an act on the marked rows, else on the one under the cursor; or says why it cannot be. */
void plan_mode_row(struct app *app, enum plan_act act);

/* Shows app->plan, which has been opened and has its targets. */
void plan_mode_show(struct app *app);

void plan_mode_key(struct app *app, const struct key_event *event);

/* Takes the newest command back that still waits. */
void plan_mode_undo(struct app *app);

#endif
