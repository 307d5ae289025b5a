/*
 * Plans of dedupe: what opens them, and what their keys and answers do to the state.
 */
#ifndef UI_CONSOLE_APP_DEDUPE_MODE_H
#define UI_CONSOLE_APP_DEDUPE_MODE_H

#include "db/base/id.h"

struct app;
struct batch;
struct press;

/* The plan of a fix from its words, of undoing a run, and of what the row is about. */
void merge_mode_fix(struct app *app, const char *words);
void merge_mode_undo(struct app *app, struct id run);
void merge_mode_row(struct app *app);

void merge_mode_press(struct app *app, const struct press *press);

/* The answer to what would change, or that there is none; of another plan it is dropped. */
void merge_mode_answered(struct app *app, struct id run, const struct batch *b);
void merge_mode_failed(struct app *app, struct id run);

#endif
