/*
 * Forms: opening them by a key or `:`, and handling their result.
 *
 * The typed text is kept when write mode ends meanwhile, and so is a form whose outcome is unknown
 * (ui/console/widgets/form.h). There is one form; while it is unsettled no other can be opened.
 */
#ifndef UI_CONSOLE_APP_FORM_MODE_H
#define UI_CONSOLE_APP_FORM_MODE_H

#include "ui/console/widgets/form.h"

struct app;

/* Opens a form, or reopens the one that was left. `about` is a pool or project; NULL: it has to be typed. */
void form_mode_open(struct app *app, enum form_type type, const char *about);

/* Opens a form for the row under the cursor. */
void form_mode_row(struct app *app, enum form_type type);

/* Notes the names in the fields and the ids that the screen shows for them; the server is asked for others.
 */
void form_mode_names(struct app *app);

void form_mode_key(struct app *app, const struct key_event *event);

#endif
