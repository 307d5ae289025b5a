/*
 * Plans, from the key that opens one to the key that confirms it, and the effect of keys on the state. The
 * plan itself is in ui/console/dialogs/plan.h.
 */
#ifndef UI_CONSOLE_APP_PLAN_MODE_H
#define UI_CONSOLE_APP_PLAN_MODE_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/console/dialogs/plan.h"

struct app;
struct batch;
struct call;
struct err;

/* Opens a plan for the marked rows, else for the one under the cursor, or shows why it cannot. */
void plan_mode_row(struct app *app, enum plan_act act);

/* The same for an extension: to a time, or for a duration from now. */
void plan_mode_extend(struct app *app, int64_t until, int64_t duration);

/* The same for an edit of labels, which it takes. */
void plan_mode_label(struct app *app, struct metadata_edit *edit);

/* Shows app->plan, which must be open and have its targets. */
void plan_mode_show(struct app *app);

/* Opens the plan of a verb that acts at once. Takes the call. */
void plan_mode_call(struct app *app, struct call *call);

/* Return the batch for what is due of the plan, the effect or the plan itself; NULL: the typed words were
 * wrong, and the command line shows the error. */
struct batch *plan_mode_ask(struct app *app);
struct batch *plan_mode_send(struct app *app, const char *detail);

/* Take the answer to each. */
void plan_mode_asked(struct app *app, const struct batch *b);
void plan_mode_sent(struct app *app, const struct batch *b);

/* Takes an error in place of an answer. `unknown`: the plan may have been carried out. Returns whether it was
 * shown where the plan was typed. */
bool plan_mode_failed(struct app *app, bool asked, bool unknown, struct err *err);

void plan_mode_key(struct app *app, const struct key_event *event);

/* Cancels the newest command that still waits. */
void plan_mode_undo(struct app *app);

#endif
