/*
 * A line to type before a plan: the new end of leases, or labels to set and delete.
 */
#ifndef UI_CONSOLE_APP_PROMPT_MODE_H
#define UI_CONSOLE_APP_PROMPT_MODE_H

#include <stdbool.h>

#include "ui/console/terminal/key.h"
#include "ui/console/widgets/line_editor.h"

struct app;
struct grid;

/* `struct prompt_mode p = {0}` is closed, and nothing was typed before. */
struct prompt_mode {
	bool labels;                 /* else it asks for an end */
	struct line_editor lines[2]; /* for ends, and for labels: with what was typed before */
	char *wrong;                 /* what is wrong with the line, or NULL */
};

void prompt_mode_release(struct prompt_mode *prompt);

/* Asks for the end of the marked leases, else of the one under the cursor. */
void prompt_mode_extend(struct app *app);

/* Asks for the labels to set and to delete, "env=prod old-". */
void prompt_mode_label(struct app *app);

void prompt_mode_key(struct app *app, const struct key_event *event);

/* Draws it in the last rows. */
void prompt_mode_draw(const struct app *app, struct grid *g);

#endif
