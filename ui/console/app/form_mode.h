/*
 * Forms, as the keys and `:` open them, and what is done with the answer.
 *
 * What was typed is kept when write mode ends meanwhile, and so is what may have
 * been done and of which nobody knows (ui/console/widgets/form.h).  There is one form:
 * while it is unsettled no other is opened.
 */
#ifndef UI_CONSOLE_APP_FORM_MODE_H
#define UI_CONSOLE_APP_FORM_MODE_H

#include "ui/console/widgets/form.h"

struct app;

/* Opens a form; or again as it was left. On a pool or project, NULL: which is to be typed. */
void form_mode_open(struct app *app, enum form_type type, const char *about);

/* The same on the row under the cursor. */
void form_mode_row(struct app *app, enum form_type type);

void form_mode_key(struct app *app, const struct key_event *event);

#endif
