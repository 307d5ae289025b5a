#include "ui/console/app/dedupe_mode.h"

#include "db/base/buf.h"
#include "db/base/err.h"
#include "ui/console/app/app.h"
#include "ui/console/app/clipboard.h"
#include "ui/console/app/write_mode.h"
#include "ui/verbs/dedupe.h"

static void show(struct app *app) {
	app->mode = MODE_MERGE;
	app->requests.flush = true;
	app->requests.act = ACT_MERGE;
	buf_cut(&app->message, 0);
}

void dedupe_plan_mode_fix(struct app *app, const struct buf *ask, const char *words) {
	dedupe_plan_open_fix(&app->dedupe_plan, ask, words);
	show(app);
}

/* Opens the plan to fix the duplicates on the screen. */
static void fix_shown(struct app *app, const char *words) {
	struct buf ask = {0};
	struct err err = {0};

	if (dedupe_read_words("dedupe fix", words, &ask, &err)) {
		dedupe_plan_mode_fix(app, &ask, words);
	} else {
		app_say(app, STYLE_WARNING, "%s", err.message);
		err_release(&err);
	}
	buf_release(&ask);
}

void dedupe_plan_mode_undo(struct app *app, struct id run) {
	dedupe_plan_open_undo(&app->dedupe_plan, run);
	show(app);
}

void dedupe_plan_mode_row(struct app *app) {
	const struct pane *pane = app_pane(app);

	if (pane->scope.kind != SCOPE_TABLE) {
		dedupe_plan_mode_undo(app, list_current(&pane->list)->id);
	} else {
		fix_shown(app, pane->scope.text);
	}
}

/* Has the groups of all tables read again: a run has changed them. */
static void forget_groups(struct app *app) {
	for (size_t i = 0; i < TRAIL_TABS; i++) {
		const struct tab *tab = &app->trail.tabs[i];

		for (size_t k = 0; k < tab->depth; k++) {
			if (tab->panes[k]->view == &view_duplicate_rows) {
				tab->panes[k]->fresh = true;
				tab->panes[k]->more_of = (struct id){{0}};
			}
		}
	}
}

/* Leaves the plan; an ended run is shown among the runs. */
static void leave(struct app *app) {
	bool ended = app->dedupe_plan.state == DEDUPE_PLAN_ENDED;

	app->mode = MODE_LIST;
	app->requests.act = ACT_NONE;
	if (ended) {
		app_say(app, app->dedupe_plan.failed ? STYLE_DANGER : STYLE_BOLD, "%s",
		    buf_text(&app->dedupe_plan.result));
		forget_groups(app);
		app_scope(app, &view_dedupe_runs, (struct scope){0}); /* the newest under the cursor */
	} else {
		app_say(app, STYLE_NORMAL, "nothing was started");
	}
	dedupe_plan_release(&app->dedupe_plan);
}

static void copy_json(struct app *app) {
	struct buf text = {0};

	dedupe_plan_json(&app->dedupe_plan, &text);
	clipboard_text(app, &text, "plan as JSON");
	buf_release(&text);
}

static void copy_command(struct app *app) {
	struct buf text = {0};

	dedupe_plan_command(&app->dedupe_plan, &text);
	clipboard_command(app, &text, "plan as a command");
	buf_release(&text);
}

void dedupe_plan_mode_key(struct app *app, const struct key_event *event) {
	bool looked = app->dedupe_plan.state == DEDUPE_PLAN_LOOKS;

	switch (dedupe_plan_key(&app->dedupe_plan, event)) {
	case CONFIRM_YES:
		if (write_mode_confirms(app)) {
			app->dedupe_plan.state = DEDUPE_PLAN_RUNS;
		}
		break;
	case CONFIRM_LEFT:
		leave(app);
		break;
	case CONFIRM_PASTED:
		app_say(app, STYLE_WARNING, "paste ignored: a plan is confirmed by hand");
		break;
	case CONFIRM_JSON:
		copy_json(app);
		break;
	case CONFIRM_COMMAND:
		copy_command(app);
		break;
	default:
		break;
	}
	if (!looked && app->dedupe_plan.state == DEDUPE_PLAN_LOOKS) {
		show(app); /* with another rule */
	}
}

static bool is_mine(const struct app *app, struct id run) {
	return app->dedupe_plan.state == DEDUPE_PLAN_LOOKS && id_equal(app->dedupe_plan.id, run);
}

static void give_up(struct app *app) {
	app->mode = app->mode == MODE_MERGE ? MODE_LIST : app->mode;
	dedupe_plan_release(&app->dedupe_plan);
}

void dedupe_plan_mode_answered(struct app *app, struct id run, const struct batch *b) {
	struct buf why = {0};

	if (is_mine(app, run)) {
		app->requests.flush = true; /* drops keys typed before it was shown whole */
		if (!dedupe_plan_take(&app->dedupe_plan, b, &why)) {
			give_up(app);
			app_say(app, STYLE_WARNING, "%s", buf_text(&why));
		}
	}
	buf_release(&why);
}

void dedupe_plan_mode_failed(struct app *app, struct id run, bool unknown) {
	if (is_mine(app, run) && !dedupe_plan_restore(&app->dedupe_plan, !unknown)) {
		give_up(app);
	}
}
