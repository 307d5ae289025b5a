#include "ui/console/app/submit.h"

#include <string.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "model/queue.h"
#include "ui/console/app/app.h"
#include "ui/console/app/marking.h"
#include "ui/console/app/plan_mode.h"
#include "ui/console/app/refresh.h"
#include "ui/console/app/dedupe_mode.h"
#include "ui/console/dialogs/form_names.h"
#include "ui/text/humanize.h"

/* Returns the mode of the plan that is open, also while the unlock question covers it; else MODE_LIST. */
static enum mode open_plan(const struct app *app) {
	enum mode mode = app->mode == MODE_UNLOCK ? app->behind : app->mode;

	return mode == MODE_PLAN || mode == MODE_MERGE ? mode : MODE_LIST;
}

/* Returns whether the server is to be told that a plan is open here, or no longer. */
static bool note_due(const struct app *app) {
	bool open = open_plan(app) != MODE_LIST;

	if (!app_writable(app) || app->link.barred != NULL) {
		return false;
	}
	return app->noted != open || (open && app->now.steady - app->noted_at >= APP_NOTE_PERIOD);
}

bool submit_due(const struct app *app) {
	return app->requests.act != ACT_NONE || !id_is_nil(app->requests.undo) || note_due(app);
}

/* Adds the note of the open plan, or that there is none. */
static void add_note(struct app *app, struct batch *b) {
	struct buf title = {0};
	bool open = open_plan(app) != MODE_LIST;

	if (open_plan(app) == MODE_PLAN) {
		plan_title(&app->plan, &title);
	} else if (open) {
		dedupe_plan_title(&app->dedupe_plan, &title);
	}
	(void)open_plan_note_add(b, app->self, open ? buf_text(&title) : NULL);
	app->noted = open;
	app->noted_at = app->now.steady;
	buf_release(&title);
}

static bool send_form(struct app *app, const char *detail, struct batch *b) {
	struct err err = {0};

	if (!app->form.is->add(&app->form, detail, b, &err)) {
		app_say(app, STYLE_DANGER, "%s", err.message);
		err_release(&err);
		return false;
	}
	form_names_demand(&app->form, b);
	app->form.busy = true;
	return true;
}

static bool add_steps(struct app *app, struct in_flight *in_flight, const char *detail, struct batch *b) {
	switch (in_flight->act) {
	case ACT_FORM:
		return send_form(app, detail, b);
	case ACT_NAMES:
		in_flight->undo = app->form.id;
		in_flight->number = app->form.noted;
		form_names_ask(&app->form, b);
		return true;
	case ACT_MERGE:
		dedupe_plan_ask(&app->dedupe_plan, b);
		return true;
	case ACT_COMPLETE:
		completion_ask(&app->completion, b);
		return true;
	case ACT_NOTE:
		add_note(app, b);
		return true;
	default:
		in_flight->undo = app->requests.undo;
		app->requests.undo = (struct id){{0}};
		(void)queue_cancel_add(b, in_flight->undo, "", detail);
		return true;
	}
}

static enum batch_mode kind_of(enum act act) {
	return act == ACT_COMPLETE || act == ACT_NAMES ? BATCH_READ
	       : act == ACT_MERGE                      ? BATCH_DRY
						       : BATCH_WRITE;
}

struct batch *submit_start(struct app *app, struct in_flight *in_flight, const char *detail) {
	enum act act = !id_is_nil(app->requests.undo)  ? ACT_UNDO
		       : app->requests.act == ACT_NONE ? ACT_NOTE
						       : app->requests.act;
	struct batch *b;

	*in_flight = (struct in_flight){.act = act, .plan = app->plan.id, .since = app->now.steady};
	if (act == ACT_CALL) {
		app->requests.act = ACT_NONE;
		in_flight->number = app->call.number;
		return call_mode_start(app);
	}
	if (act == ACT_GATHER) {
		app->requests.act = ACT_NONE;
		return refresh_gather(app, in_flight);
	}
	if (act == ACT_LOOK || act == ACT_QUEUE) {
		app->requests.act = ACT_NONE;
		return act == ACT_LOOK ? plan_mode_ask(app) : plan_mode_send(app, detail);
	}
	b = batch_new(kind_of(act));
	if (act == ACT_MERGE) {
		in_flight->undo = app->dedupe_plan.id;
	}
	if (act != ACT_UNDO) {
		app->requests.act = ACT_NONE;
	}
	if (!add_steps(app, in_flight, detail, b)) {
		batch_free(b);
		return NULL;
	}
	return b;
}

static void acted(struct app *app, const struct batch *b) {
	struct buf text = {0};

	app->form.is->answer(&app->form, b, &text);
	app_say(app, STYLE_BOLD, "%s", buf_text(&text));
	buf_release(&text);
	form_release(&app->form);
	app->mode = app->mode == MODE_FORM ? MODE_LIST : app->mode;
	app->requests.refresh = true;
}

static void taken_back(struct app *app, struct id id) {
	const struct pending_command *one = pending_find(&app->pending, id);

	if (one != NULL) {
		app_say(app, STYLE_BOLD, "cancelled, nothing was changed: %s", one->what);
		tour_did(&app->tour, TOUR_UNDO);
		pending_remark(&app->pending, id, app_pane(app));
		pending_drop(&app->pending, id);
	}
	app->requests.refresh = true;
}

/* Returns true when the request is about a plan that is still open. */
static bool is_mine(const struct app *app, const struct in_flight *in_flight) {
	return id_equal(in_flight->plan, app->plan.id) && !id_is_nil(in_flight->plan);
}

/* Returns true when the form is still open, with the names that were asked for. */
static bool is_of_form(const struct app *app, const struct in_flight *in_flight) {
	return form_is_open(&app->form) && id_equal(in_flight->undo, app->form.id) &&
	       in_flight->number == app->form.noted;
}

void submit_answered(struct app *app, const struct in_flight *in_flight, const struct batch *b) {
	switch (in_flight->act) {
	case ACT_FORM:
		acted(app, b);
		break;
	case ACT_NAMES:
		if (is_of_form(app, in_flight)) {
			form_names_take(&app->form, b);
		}
		break;
	case ACT_LOOK:
		if (is_mine(app, in_flight)) {
			plan_mode_asked(app, b);
		}
		break;
	case ACT_QUEUE:
		plan_mode_sent(app, b);
		break;
	case ACT_MERGE:
		dedupe_plan_mode_answered(app, in_flight->undo, b);
		break;
	case ACT_CALL:
		call_mode_answered(app, in_flight->number, b);
		break;
	case ACT_COMPLETE:
		completion_answered(app, b);
		break;
	case ACT_GATHER:
		marking_gathered(app, in_flight, b);
		break;
	case ACT_NOTE:
		break;
	case ACT_EXPORT:
		export_mode_answered(app, b);
		break;
	default:
		taken_back(app, in_flight->undo);
		break;
	}
}

void submit_failed(struct app *app, const struct in_flight *in_flight, struct err *err) {
	bool unknown =
	    err->code == ERR_OUTCOME_UNKNOWN || err->code == ERR_UNAVAILABLE || err->code == ERR_TIMEOUT;

	if (in_flight->act == ACT_NOTE || in_flight->act == ACT_NAMES ||
	    (in_flight->act == ACT_LOOK && !is_mine(app, in_flight))) {
		return; /* nobody waits for it */
	}
	if (in_flight->act == ACT_EXPORT) {
		export_mode_failed(app, err);
		return;
	}
	if (in_flight->act == ACT_CALL) {
		call_mode_failed(app, in_flight->number, err);
		return;
	}
	if (in_flight->act == ACT_MERGE) {
		dedupe_plan_mode_failed(app, in_flight->undo, unknown);
	} else if (in_flight->act == ACT_FORM) {
		app->form.busy = false;
		app->form.unsettled |= unknown;
	} else if ((in_flight->act == ACT_LOOK || in_flight->act == ACT_QUEUE) &&
		   plan_mode_failed(app, in_flight->act == ACT_LOOK, unknown, err)) {
		return;
	}
	app_say(app, STYLE_DANGER, "%s%s%.*s%s%s", err->step == NULL || unknown ? "" : err->step,
	    err->step == NULL || unknown ? "" : ": ",
	    (int)(unknown ? humanize_sentence(err->message) : strlen(err->message)), err->message,
	    err->hint == NULL ? "" : "; ", err->hint == NULL ? "" : err->hint);
}
