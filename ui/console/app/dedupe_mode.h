/*
 * Dedupe plans: opening them, and the effect of their keys and answers.
 */
#ifndef UI_CONSOLE_APP_DEDUPE_MODE_H
#define UI_CONSOLE_APP_DEDUPE_MODE_H

#include "db/base/id.h"

struct app;
struct batch;
struct buf;
struct key_event;

/* Open the plan of a fix, with the options for the server and as typed; the plan of undoing a run; and the
 * plan for the current row. */
void dedupe_plan_mode_fix(struct app *app, const struct buf *ask, const char *words);
void dedupe_plan_mode_undo(struct app *app, struct id run);
void dedupe_plan_mode_row(struct app *app);

void dedupe_plan_mode_key(struct app *app, const struct key_event *event);

/* Take the answer of the preview, or its failure; `unknown`: for a reason that is not the plan's. An answer
 * to another plan is dropped. */
void dedupe_plan_mode_answered(struct app *app, struct id run, const struct batch *b);
void dedupe_plan_mode_failed(struct app *app, struct id run, bool unknown);

#endif
