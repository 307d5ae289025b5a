/*
 * Plans of dedupe: what opens them, and what their keys and answers do to the state.
 */
#ifndef UI_CONSOLE_APP_DEDUPE_MODE_H
#define UI_CONSOLE_APP_DEDUPE_MODE_H

#include "db/base/id.h"

struct app;
struct batch;
struct buf;
struct key_event;

/* Opens the plan of a fix, with what the server is asked and as it was typed; of undoing a run; and of what
 * the row is about. */
void dedupe_plan_mode_fix(struct app *app, const struct buf *ask, const char *words);
void dedupe_plan_mode_undo(struct app *app, struct id run);
void dedupe_plan_mode_row(struct app *app);

void dedupe_plan_mode_key(struct app *app, const struct key_event *event);

/* The answer to what would change, or that there is none; of another plan it is dropped. */
void dedupe_plan_mode_answered(struct app *app, struct id run, const struct batch *b);
void dedupe_plan_mode_failed(struct app *app, struct id run);

#endif
