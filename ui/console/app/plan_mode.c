#include "ui/console/app/plan_mode.h"

#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "model/syntax/target.h"
#include "ui/console/app/app.h"
#include "ui/console/app/clipboard.h"
#include "ui/console/app/write_mode.h"

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

	plan_open(plan, act);
	for (size_t i = 0; i < pane->marks.count; i++) {
		const void *row = pane->marks.items[i].row;
		struct subject subject = {.act = act};
		const char *refused = pane->view->subject(row, &subject);

		if (refused == NULL && plan->count == 0) {
			plan->act = subject.act;
		} else if (refused == NULL && subject.act != plan->act) {
			refused = "it is so already";
		}
		if (refused == NULL) {
			subject.target.generation =
			    subject.generation != 0 ? subject.generation : subject.target.generation;
			plan_row(plan, pane->view, row);
			plan_target(plan, &subject.target);
		} else if (plan->left_out++ == 0) {
			plan->left_why = refused;
		}
		free(subject.what);
		free(subject.note);
	}
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

void plan_mode_extend(struct app *app, int64_t until, int64_t duration) {
	if (list_current(&app_pane(app)->list) != NULL && open(app, PLAN_EXTEND)) {
		app->plan.until = until;
		app->plan.duration = duration;
		plan_describe(&app->plan);
		plan_mode_show(app);
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

static void confirm(struct app *app) {
	if (write_mode_confirms(app)) {
		buf_cut(&app->message, 0); /* a wrong phrase was typed before */
		app->plan.busy = true;
		app->requests.act = ACT_QUEUE;
	}
}

static void leave(struct app *app) {
	char id[ID_TEXT];

	app->mode = MODE_LIST;
	app->requests.act = ACT_NONE;
	if (app->plan.unsettled) {
		app_say(app, STYLE_DANGER, "may have been queued: berth queue show %s shows it",
		    id_text(app->plan.id, id));
	} else {
		app_say(app, STYLE_NORMAL, "nothing was queued");
	}
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
		app_say(app, STYLE_WARNING, "wrong phrase: nothing was queued, the plan stays");
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
