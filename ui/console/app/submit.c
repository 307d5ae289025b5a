#include "ui/console/app/submit.h"

#include <string.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "model/queue.h"
#include "ui/console/app/app.h"
#include "ui/console/app/refresh.h"
#include "ui/console/app/dedupe_mode.h"
#include "ui/text/humanize.h"

bool act_due(const struct app *app) {
	return app->wishes.act != ACT_NONE || !id_is_nil(app->wishes.undo);
}

static bool send_form(struct app *app, const char *detail, struct batch *b) {
	struct err err = {0};

	if (!app->form.is->add(&app->form, detail, b, &err)) {
		app_say(app, STYLE_DANGER, "%s", err.message);
		err_release(&err);
		return false;
	}
	app->form.busy = true;
	return true;
}

static bool add_steps(struct app *app, struct asked *asked, const char *detail, struct batch *b) {
	switch (asked->act) {
	case ACT_FORM:
		return send_form(app, detail, b);
	case ACT_LOOK:
		draft_ask(&app->draft, b);
		return true;
	case ACT_QUEUE:
		draft_add(&app->draft, detail, b);
		return true;
	case ACT_MERGE:
		merge_ask(&app->merge, b);
		return true;
	default:
		asked->undo = app->wishes.undo;
		app->wishes.undo = (struct id){{0}};
		(void)queue_cancel_add(b, asked->undo, "", detail);
		return true;
	}
}

struct batch *act_ask(struct app *app, struct asked *asked, const char *detail) {
	enum act act = id_is_nil(app->wishes.undo) ? app->wishes.act : ACT_UNDO;
	struct batch *b = batch_new(act == ACT_LOOK    ? BATCH_READ
				    : act == ACT_MERGE ? BATCH_DRY
						       : BATCH_WRITE);

	*asked = (struct asked){.act = act, .draft = app->draft.id, .since = app->now.steady};
	if (act == ACT_MERGE) {
		asked->undo = app->merge.id;
	}
	if (act != ACT_UNDO) {
		app->wishes.act = ACT_NONE;
	}
	if (!add_steps(app, asked, detail, b)) {
		batch_free(b);
		return NULL;
	}
	return b;
}

static void leave_draft(struct app *app) {
	draft_release(&app->draft);
	app->mode = app->mode == MODE_PLAN ? MODE_LIST : app->mode;
	app->wishes.refresh = true;
}

static void acted(struct app *app, const struct batch *b) {
	struct buf text = {0};

	app->form.is->answer(&app->form, b, &text);
	app_say(app, STYLE_BOLD, "%s", buf_text(&text));
	buf_release(&text);
	form_release(&app->form);
	app->mode = app->mode == MODE_FORM ? MODE_LIST : app->mode;
	app->wishes.refresh = true;
}

static void looked(struct app *app, const struct batch *b) {
	struct err err = {0};

	app->wishes.flush = true; /* keys typed before it was shown whole */
	if (!draft_take(&app->draft, b, &err)) {
		leave_draft(app);
		app_say(app, STYLE_DANGER, "%s", err.message);
		err_release(&err);
	} else if (plan_is_empty(&app->draft.plan) && app->draft.act != DRAFT_DELETE) {
		leave_draft(app);
		app_say(app, STYLE_WARNING, "there is nothing to release");
	}
}

static void queued(struct app *app, const struct batch *b) {
	struct buf title = {0};

	draft_title(&app->draft, &title);
	if (app->draft.act == DRAFT_CANCEL) {
		app_say(app, STYLE_BOLD, "done: %s", buf_text(&title));
	} else {
		follow_add(&app->follow, batch_row(b, 0, 0), buf_text(&title), app->now.steady);
	}
	if (app->draft.act == DRAFT_RELEASE && app->draft.phrased) {
		marks_release(&app->panes[PLACE_OF_LEASES].marks);
	}
	buf_release(&title);
	leave_draft(app);
}

static void taken_back(struct app *app, struct id id) {
	const struct followed *one = follow_find(&app->follow, id);

	if (one != NULL) {
		app_say(app, STYLE_BOLD, "taken back, nothing was changed: %s", one->what);
		follow_drop(&app->follow, id);
	}
	app->wishes.refresh = true;
}

/* Whether it is about a plan that is still open. */
static bool is_mine(const struct app *app, const struct asked *asked) {
	return id_equal(asked->draft, app->draft.id) && !id_is_nil(asked->draft);
}

void act_answered(struct app *app, const struct asked *asked, const struct batch *b) {
	switch (asked->act) {
	case ACT_FORM:
		acted(app, b);
		break;
	case ACT_LOOK:
		if (is_mine(app, asked)) {
			looked(app, b);
		}
		break;
	case ACT_QUEUE:
		queued(app, b);
		break;
	case ACT_MERGE:
		merge_mode_answered(app, asked->undo, b);
		break;
	default:
		taken_back(app, asked->undo);
		break;
	}
}

void act_failed(struct app *app, const struct asked *asked, const struct err *err) {
	bool unknown =
	    err->code == ERR_OUTCOME_UNKNOWN || err->code == ERR_UNAVAILABLE || err->code == ERR_TIMEOUT;

	if (asked->act == ACT_LOOK && !is_mine(app, asked)) {
		return;
	}
	if (asked->act == ACT_MERGE) {
		merge_mode_failed(app, asked->undo);
	} else if (asked->act == ACT_FORM) {
		app->form.busy = false;
		app->form.unsettled |= unknown;
	} else if (asked->act == ACT_QUEUE && (unknown || app->draft.unsettled)) {
		app->draft.busy = false;
		app->draft.unsettled = true;
	} else if (asked->act != ACT_UNDO) {
		leave_draft(app);
	}
	app_say(app, STYLE_DANGER, "%s%s%.*s%s%s", err->step == NULL || unknown ? "" : err->step,
	    err->step == NULL || unknown ? "" : ": ",
	    (int)(unknown ? words_sentence(err->message) : strlen(err->message)), err->message,
	    err->hint == NULL ? "" : "; ", err->hint == NULL ? "" : err->hint);
}
