#include "ui/console/app/prompt_mode.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/duration.h"
#include "model/syntax/instant.h"
#include "ui/console/app/app.h"
#include "ui/console/app/plan_mode.h"
#include "ui/console/terminal/grid.h"

void prompt_mode_release(struct prompt_mode *prompt) {
	line_editor_release(&prompt->line);
	free(prompt->wrong);
	*prompt = (struct prompt_mode){0};
}

void prompt_mode_extend(struct app *app) {
	prompt_mode_release(&app->prompt);
	app->mode = MODE_PROMPT;
}

static void leave(struct app *app) {
	app->mode = MODE_LIST;
	prompt_mode_release(&app->prompt);
}

/* Reads "7d", a time, or "never". */
static bool read_end(const char *text, int64_t *until, int64_t *duration, struct err *err) {
	struct err other = {0};

	*until = TIME_NONE;
	*duration = 0;
	if (duration_parse(text, duration, &other) && *duration > 0) {
		return true;
	}
	*duration = 0;
	err_release(&other);
	if (end_parse(text, until, &other)) {
		return true;
	}
	err_release(&other);
	*until = TIME_NONE;
	return err_set(
	    err, ERR_INVALID_INPUT, "expected a duration (7d), a time (2027-01-31T12:00Z) or never");
}

static void accept(struct app *app) {
	struct prompt_mode *prompt = &app->prompt;
	struct err err = {0};
	int64_t until;
	int64_t duration;

	free(prompt->wrong);
	prompt->wrong = NULL;
	if (read_end(line_editor_text(&prompt->line), &until, &duration, &err)) {
		leave(app);
		plan_mode_extend(app, until, duration);
	} else {
		prompt->wrong = mem_text(err.message);
		err_release(&err);
	}
}

void prompt_mode_key(struct app *app, const struct key_event *event) {
	switch (line_editor_key(&app->prompt.line, event)) {
	case LINE_EDITOR_ACCEPTED:
		accept(app);
		break;
	case LINE_EDITOR_DROPPED:
		leave(app);
		app_say(app, STYLE_NORMAL, "nothing was queued");
		break;
	default:
		break;
	}
}

void prompt_mode_draw(const struct app *app, struct grid *g) {
	const struct prompt_mode *prompt = &app->prompt;
	const struct pane *pane = app_shown(app);
	bool two = g->rows > 1;
	int row = g->rows - (two ? 2 : 1);
	int column;

	for (int y = row; y < g->rows; y++) {
		(void)grid_print(g, y, 0, g->columns, STYLE_NORMAL, "%*s", g->columns, "");
	}
	if (pane->marks.count > 1) {
		column = grid_print(
		    g, row, 1, g->columns, STYLE_WARNING, "extend %zu marked leases by: ", pane->marks.count);
	} else {
		column = grid_put(g, row, 1, g->columns, STYLE_WARNING, "extend the lease by: ");
	}
	if (two) {
		(void)grid_put(g, row + 1, 1, g->columns, prompt->wrong == NULL ? STYLE_DIM : STYLE_WARNING,
		    prompt->wrong == NULL ? "7d from now, a time such as 2027-01-31T12:00Z, or never"
					  : prompt->wrong);
	}
	line_editor_draw(&prompt->line, g, row, column, g->columns, STYLE_NORMAL);
}
