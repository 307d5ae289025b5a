#include "ui/console/app/plan_mode.h"

#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "model/syntax/target.h"
#include "ui/console/app/app.h"
#include "ui/console/app/clipboard.h"
#include "ui/console/app/marking.h"
#include "ui/console/app/write_mode.h"
#include "ui/verbs/call.h"

void plan_mode_show(struct app *app) {
	app->mode = MODE_PLAN;
	app->requests.flush = true;
	app->requests.act = plan_asks(&app->plan) ? ACT_LOOK : ACT_NONE;
	buf_cut(&app->message, 0);
}

/* Opens the plan for a subject, whose texts it takes. */
static void open_subject(struct app *app, struct subject *subject) {
	struct plan *plan = &app->plan;

	plan_open(plan, subject->act);
	plan_target(plan, &subject->target);
	plan_describe(plan);
	plan->what = subject->what;
	plan->generation = subject->generation;
	if (subject->note != NULL) {
		char *note = mem_print("%s%s", subject->adds ? plan->note : "", subject->note);

		free(plan->note);
		free(subject->note);
		plan->note = note;
	}
}

/* Says why a plan cannot be opened. */
static bool refuse(struct app *app, const char *why) {
	app_say(app, STYLE_WARNING, "%s", why);
	return false;
}

/* Opens the plan for one row; false when it cannot have one. */
static bool open_row(struct app *app, const struct view *view, const void *row, enum plan_act act) {
	struct subject subject = {.act = act};
	const char *refused = view->subject(row, &subject);

	if (refused != NULL) {
		free(subject.what);
		free(subject.note);
		return refuse(app, refused);
	}
	open_subject(app, &subject);
	plan_row(&app->plan, view, row);
	return true;
}

/* Opens the plan for all marked rows that can have the act of the first one that can; false when none can. */
static bool open_marked(struct app *app, const struct pane *pane, enum plan_act act) {
	struct plan *plan = &app->plan;
	const void **rows = marking_ordered(pane);

	plan_open(plan, act);
	for (size_t i = 0; i < pane->marks.count; i++) {
		plan_adopt(plan, pane->view, rows[i]);
	}
	free(rows);
	plan_describe(plan);
	plan->what = mem_print("%zu marked %ss", plan->count, pane->view->one);
	return plan->count > 0 || refuse(app, plan->left_why);
}

/* Opens the plan for the marked rows, else for the one under the cursor; false when there is none. */
static bool open(struct app *app, enum plan_act act) {
	const struct pane *pane = app_pane(app);
	const void *row = pane->marks.count == 1 ? pane->marks.items[0].row : list_current(&pane->list)->data;
	bool ok = pane->marks.count > 1 ? open_marked(app, pane, act) : open_row(app, pane->view, row, act);

	app->plan.marked = ok && pane->marks.count > 0;
	return ok;
}

void plan_mode_row(struct app *app, enum plan_act act) {
	if (open(app, act)) {
		plan_mode_show(app);
	}
}

/* Shows the plan of an extension whose rows are on the screen, or why there is nothing to confirm. */
static void show_extension(struct app *app) {
	const char *refused = plan_refuses(&app->plan, app->now.wall);

	if (refused != NULL) {
		plan_release(&app->plan);
		(void)refuse(app, refused);
	} else {
		plan_mode_show(app);
	}
}

void plan_mode_extend(struct app *app, int64_t until, int64_t duration) {
	if (list_current(&app_pane(app)->list) != NULL && open(app, PLAN_EXTEND)) {
		app->plan.until = until;
		app->plan.duration = duration;
		plan_describe(&app->plan);
		show_extension(app);
	}
}

void plan_mode_label(struct app *app, struct metadata_edit *edit) {
	if (list_current(&app_pane(app)->list) != NULL && open(app, PLAN_LABEL)) {
		app->plan.edit = *edit;
		*edit = (struct metadata_edit){0};
		plan_mode_show(app);
	}
	metadata_release(edit);
}

void plan_mode_call(struct app *app, struct call *call) {
	plan_open(&app->plan, PLAN_DIRECT);
	app->plan.call = call;
	app->plan.known = false;
	plan_mode_show(app);
}

/* Leaves the plan. */
static void drop(struct app *app) {
	plan_release(&app->plan);
	app->mode = app->mode == MODE_PLAN ? MODE_LIST : app->mode;
	app->requests.refresh = true;
}

/* Returns to the line that was typed and shows the error in it. */
static void complain(struct app *app, const struct err *err) {
	const struct call *call = app->plan.call;

	app_reject(app, call_line(call), call_blamed(call, err), err);
	plan_release(&app->plan);
}

/* Returns the next batch of the plan's call. */
static struct batch *next_of_call(struct app *app) {
	struct err err = {0};
	struct batch *b = call_batch(app->plan.call, &err);

	if (b == NULL) {
		complain(app, &err);
	}
	err_release(&err);
	return b;
}

struct batch *plan_mode_ask(struct app *app) {
	struct batch *b;

	if (app->plan.act == PLAN_DIRECT) {
		return next_of_call(app);
	}
	b = batch_new(BATCH_READ);
	plan_ask(&app->plan, b);
	return b;
}

struct batch *plan_mode_send(struct app *app, const char *detail) {
	struct batch *b;

	if (app->plan.act == PLAN_DIRECT) {
		return next_of_call(app);
	}
	b = batch_new(BATCH_WRITE);
	plan_add(&app->plan, detail, b);
	return b;
}

/* Takes an answer of the plan's call; true when the call is at its end. */
static bool take_call(struct app *app, const struct batch *b) {
	struct err err = {0};
	bool ok = call_answered(app->plan.call, b, &err);
	bool more = ok && call_sends(app->plan.call);

	if (!ok) {
		complain(app, &err);
	} else if (more) {
		app->requests.act = app->plan.busy ? ACT_QUEUE : ACT_LOOK;
	}
	err_release(&err);
	return ok && !more;
}

void plan_mode_asked(struct app *app, const struct batch *b) {
	const char *refused;

	if (app->plan.act == PLAN_DIRECT) {
		if (!take_call(app, b)) {
			return;
		}
		plan_take_call(&app->plan, app->ascii ? " -> " : " \xe2\x86\x92 ");
	} else {
		plan_take(&app->plan, b);
	}
	app->requests.flush = true; /* drops keys typed before it was shown whole */
	refused = plan_refuses(&app->plan, app->now.wall);
	if (refused != NULL && app->plan.rows.count + app->plan.left_out > 0 && app->plan.call != NULL) {
		struct err err = {0};

		err_set(&err, ERR_PRECONDITION_FAILED, "%s", refused);
		complain(app, &err);
		err_release(&err);
	} else if (refused != NULL) {
		drop(app);
		app_say(app, STYLE_WARNING, "%s", refused);
	}
}

/* Says how the cancellation of several has ended. */
static void say_cancelled(struct app *app, const struct batch *b, const char *title) {
	size_t left = 0;

	for (size_t i = 0; i < batch_count(b, 0); i++) {
		left += ((const struct command *)batch_row(b, 0, i))->state == COMMAND_CANCELLED ? 0 : 1;
	}
	if (left > 0) {
		app_say(app, STYLE_WARNING, "%zu of %zu could not be cancelled any more: %s", left,
		    batch_count(b, 0), title);
	} else {
		app_say(app, STYLE_BOLD, "done: %s", title);
	}
}

void plan_mode_sent(struct app *app, const struct batch *b) {
	struct plan *plan = &app->plan;
	struct buf title = {0};

	if (plan->act == PLAN_DIRECT && !take_call(app, b)) {
		return;
	}
	plan_title(plan, &title);
	if (plan->act == PLAN_DIRECT) {
		app_say(app, STYLE_BOLD, "done: %s", buf_text(&title));
	} else if (plan->act == PLAN_CANCEL) {
		say_cancelled(app, b, buf_text(&title));
	} else {
		pending_add(&app->pending, batch_row(b, 0, 0), buf_text(&title), app->now.steady);
		if (plan->marked) {
			pending_keep(&app->pending, app_pane(app));
		}
	}
	if (plan->marked) {
		marks_release(&app_pane(app)->marks);
	}
	buf_release(&title);
	drop(app);
}

bool plan_mode_failed(struct app *app, bool asked, bool unknown, struct err *err) {
	struct plan *plan = &app->plan;
	bool typed = plan->call != NULL;

	if (plan->act == PLAN_DIRECT) {
		call_explain(plan->call, err);
	}
	if (!asked && (unknown || plan->unsettled)) {
		plan->busy = false;
		plan->unsettled = true;
		return false;
	}
	if (typed) {
		complain(app, err);
	} else {
		drop(app);
	}
	return typed;
}

static void confirm(struct app *app) {
	if (write_mode_confirms(app)) {
		buf_cut(&app->message, 0); /* a wrong phrase was typed before */
		app->plan.busy = true;
		app->requests.act = ACT_QUEUE;
		if (app->plan.act == PLAN_DIRECT) {
			call_confirm(app->plan.call);
		}
	}
}

static void leave(struct app *app) {
	char id[ID_TEXT];

	app->mode = MODE_LIST;
	app->requests.act = ACT_NONE;
	if (app->plan.unsettled && app->plan.act == PLAN_DIRECT) {
		app_say(app, STYLE_DANGER, "%s: the outcome is unknown; the same line with --id %s is safe",
		    call_line(app->plan.call), id_text(call_id(app->plan.call), id));
	} else if (app->plan.unsettled) {
		app_say(app, STYLE_DANGER, "may have been queued: berth queue show %s shows it",
		    id_text(app->plan.id, id));
	} else {
		app_say(app, STYLE_NORMAL,
		    app->plan.act == PLAN_DIRECT ? "nothing was changed" : "nothing was queued");
	}
	app->requests.cancel |= !app->plan.known && app->plan.act == PLAN_DIRECT;
	plan_release(&app->plan);
}

static void copy_json(struct app *app) {
	struct buf text = {0};

	plan_json(&app->plan, &text);
	clipboard_text(app, &text, "plan as JSON");
	buf_release(&text);
}

static void copy_command(struct app *app) {
	struct buf text = {0};

	plan_command(&app->plan, &text);
	clipboard_command(app, &text, "plan as a command");
	buf_release(&text);
}

void plan_mode_key(struct app *app, const struct key_event *event) {
	switch (plan_key(&app->plan, event, app->now.wall)) {
	case CONFIRM_YES:
		confirm(app);
		break;
	case CONFIRM_WRONG:
		app_say(app, STYLE_WARNING, "wrong phrase: nothing was %s, the plan stays",
		    app->plan.act == PLAN_DIRECT ? "changed" : "queued");
		break;
	case CONFIRM_JSON:
		copy_json(app);
		break;
	case CONFIRM_COMMAND:
		copy_command(app);
		break;
	case CONFIRM_LEFT:
		leave(app);
		break;
	case CONFIRM_PASTED:
		app_say(app, STYLE_WARNING, "paste ignored: a plan is confirmed by hand");
		break;
	case CONFIRM_WAITS:
		break;
	}
}

void plan_mode_undo(struct app *app) {
	const struct pending_command *newest = pending_newest(&app->pending, app->now.steady);

	if (newest == NULL) {
		app_say(app, STYLE_WARNING, "nothing to cancel: none of your commands waits");
	} else {
		app->requests.undo = newest->id;
	}
}
