#include "ui/console/app/prompt_mode.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/metadata.h"
#include "model/syntax/duration.h"
#include "model/syntax/instant.h"
#include "model/text/script.h"
#include "ui/console/app/app.h"
#include "ui/console/app/plan_mode.h"
#include "ui/console/terminal/grid.h"

void prompt_mode_release(struct prompt_mode *prompt) {
	line_editor_release(&prompt->lines[false]);
	line_editor_release(&prompt->lines[true]);
	free(prompt->wrong);
	*prompt = (struct prompt_mode){0};
}

static struct line_editor *line_of(struct prompt_mode *prompt) {
	return &prompt->lines[prompt->labels];
}

static void forget_error(struct prompt_mode *prompt) {
	free(prompt->wrong);
	prompt->wrong = NULL;
}

static void open_prompt(struct app *app, bool labels) {
	forget_error(&app->prompt);
	app->prompt.labels = labels;
	line_editor_set(line_of(&app->prompt), "");
	app->mode = MODE_PROMPT;
}

void prompt_mode_extend(struct app *app) {
	open_prompt(app, false);
}

void prompt_mode_label(struct app *app) {
	open_prompt(app, true);
}

/* Leaves it; Up brings the line back in the next one. */
static void leave(struct app *app) {
	line_editor_remember(line_of(&app->prompt));
	app->mode = MODE_LIST;
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

/* Reads words as a shell would. */
static bool read_labels(const char *text, struct metadata_edit *edit, struct err *err) {
	struct script script;
	struct script_line line = {0};
	bool ok;

	script_init(&script, text, strlen(text));
	ok = script_next(&script, &line, err);
	if (ok && line.argc < 2) {
		ok = err_set(err, ERR_INVALID_INPUT, "expected KEY=VALUE to set, or KEY- to delete");
	}
	ok = ok && metadata_parse(METADATA_LABEL, (const char *const *)(line.argv + 1), (size_t)line.argc - 1,
		       edit, err);
	script_line_release(&line);
	return ok;
}

/* Opens the plan for the typed line; false, with the error, when it is wrong. */
static bool plan(struct app *app, struct err *err) {
	struct metadata_edit edit = {0};
	char *text = mem_text(line_editor_text(line_of(&app->prompt)));
	bool labels = app->prompt.labels;
	int64_t until;
	int64_t duration;
	bool ok = labels ? read_labels(text, &edit, err) : read_end(text, &until, &duration, err);

	free(text);
	if (ok) {
		leave(app);
	}
	if (ok && labels) {
		plan_mode_label(app, &edit);
	} else if (ok) {
		plan_mode_extend(app, until, duration);
	}
	metadata_release(&edit);
	return ok;
}

static void accept(struct app *app) {
	struct err err = {0};

	forget_error(&app->prompt);
	if (!plan(app, &err)) {
		app->prompt.wrong = mem_text(err.message);
		err_release(&err);
	}
}

void prompt_mode_key(struct app *app, const struct key_event *event) {
	switch (line_editor_key(line_of(&app->prompt), event)) {
	case LINE_EDITOR_ACCEPTED:
		accept(app);
		break;
	case LINE_EDITOR_DROPPED:
		leave(app);
		app_say(app, STYLE_NORMAL, "nothing was queued; Up brings the line back");
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
		column = grid_print(g, row, 1, g->columns, STYLE_WARNING,
		    "%s %zu marked %ss%s: ", prompt->labels ? "label" : "extend", pane->marks.count,
		    pane->view->one, prompt->labels ? "" : " by");
	} else {
		column = grid_print(g, row, 1, g->columns, STYLE_WARNING,
		    "%s the %s%s: ", prompt->labels ? "label" : "extend", pane->view->one,
		    prompt->labels ? "" : " by");
	}
	if (two) {
		(void)grid_put(g, row + 1, 1, g->columns, prompt->wrong == NULL ? STYLE_DIM : STYLE_WARNING,
		    prompt->wrong != NULL ? prompt->wrong
		    : prompt->labels      ? "KEY=VALUE sets, KEY- deletes; several are separated by blanks"
					  : "7d from now, a time such as 2027-01-31T12:00Z, or never");
	}
	line_editor_draw(&prompt->lines[prompt->labels], g, row, column, g->columns, STYLE_NORMAL);
}
