#include "ui/console/app/refresh.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/alert.h"
#include "model/queue.h"
#include "ui/console/app/address_search.h"
#include "ui/console/app/scope_watch.h"
#include "ui/console/app/submit.h"
#include "ui/console/screens/command_badge.h"

/* Returns the row whose details are to be refreshed; NULL: none. */
static const struct list_row *roomy_row(const struct pane *pane) {
	return pane->roomy && pane->view->ask_more != NULL ? list_current(&pane->list) : NULL;
}

/* Returns true when the details that the pane has are of another row. */
static bool wants_more(const struct pane *pane) {
	const struct list_row *row = roomy_row(pane);

	return row != NULL && !id_equal(row->id, pane->more_of);
}

/* Returns whether the rows are to be read now; if not, *when is the steady time when they are. */
static bool rows_due(const struct app *app, int64_t *when) {
	const struct pane *pane = app_shown(app);

	if (pane->failed != TIME_NONE) {
		*when = pane->failed + APP_PERIOD;
		return app->requests.refresh || *when <= app->now.steady;
	}
	*when = pane->fetched == TIME_NONE ? app->now.steady : pane->fetched + app_period(pane);
	return app->requests.refresh || pane->fresh || *when <= app->now.steady ||
	       pane->list.jump != JUMP_NONE || (pane->moved && list_wants(&pane->list));
}

bool refresh_due(const struct app *app, int64_t *when) {
	const struct pane *pane = app_shown(app);

	return rows_due(app, when) || (pane->failed == TIME_NONE && wants_more(pane));
}

static struct question question_of(const struct app *app, const struct in_flight *in_flight) {
	static const struct id none = {{0}};
	const struct pane *pane = app_shown(app);
	const struct list *list = &pane->list;
	const struct list_row *top = list->count == 0         ? NULL
				     : list->jump == JUMP_ROW ? list_current(list)
							      : &list->rows[list->top];
	struct question q = {.filter = &in_flight->filter,
	    .now = app->now.wall,
	    .from = list->jump == JUMP_FIRST && !pane->fresh ? 0 : pane->from,
	    .from_text = in_flight->from,
	    .scope = in_flight->scope,
	    .fleet = app->fleet,
	    .all = pane->all,
	    .sort = pane->sort,
	    .reverse = pane->reverse,
	    .keep = top == NULL ? none : top->id,
	    .jump = list->jump,
	    .key =
		top != NULL && (list->top > 0 || list->more_above || list->touched || list->jump == JUMP_ROW)
		    ? top->key
		    : 0,
	    .at = top == NULL ? NULL : top->data,
	    .offset = list->offset + (int64_t)list->top,
	    .page = list->page,
	    .total = pane->total};

	return q;
}

/* Parses the filter of the pane, which is valid: app_filter() refuses others. */
static void read_filter(const struct pane *pane, struct in_flight *in_flight) {
	struct err err = {0};
	size_t wrong;

	if (!filter_read(pane->filter, pane->view, &in_flight->filter, &wrong, &err)) {
		err_release(&err);
	}
}

/* Notes the pane's question in a request. */
static void note_question(const struct app *app, struct in_flight *in_flight, enum act act) {
	const struct pane *pane = app_shown(app);

	*in_flight = (struct in_flight){.act = act,
	    .number = pane->question,
	    .scope = scope_copy(&pane->scope),
	    .from = mem_text(pane->from_text),
	    .since = app->now.steady};
	read_filter(pane, in_flight);
	in_flight->question = question_of(app, in_flight);
}

struct batch *refresh_gather(struct app *app, struct in_flight *in_flight) {
	struct batch *b = batch_new(BATCH_READ);

	note_question(app, in_flight, ACT_GATHER);
	in_flight->question.jump = JUMP_FIRST;
	in_flight->question.from = 0;
	in_flight->question.whole = true;
	in_flight->question.sort = view_keyed_sort(app_shown(app)->view, in_flight->question.sort);
	in_flight->question.page = MARKS_MOST / 3;
	view_ask(app_shown(app)->view, &in_flight->question, b);
	in_flight->question.at = NULL;
	return b;
}

struct batch *refresh_start(struct app *app, struct in_flight *in_flight) {
	struct pane *pane = app_pane(app);
	struct batch *b = batch_new(BATCH_READ);
	const struct list_row *row = roomy_row(pane);
	int64_t when;

	note_question(app, in_flight, ACT_NONE);
	in_flight->rows = pane->view->period == 0 || rows_due(app, &when);
	if (in_flight->rows) {
		view_ask(pane->view, &in_flight->question, b);
	}
	in_flight->question.at = NULL; /* the list may change until it is answered */
	in_flight->more_at = batch_steps(b);
	if (row != NULL) {
		in_flight->more_of = row->id;
		pane->view->ask_more(row->data, &in_flight->scope, b);
	}
	in_flight->head_at = batch_steps(b);
	if (pane->view->ask_head != NULL) {
		pane->view->ask_head(b);
	}
	in_flight->follow_at = batch_steps(b);
	pending_refresh(&app->pending, b);
	in_flight->alerts_at = batch_steps(b);
	if (app->fleet.count == 0 &&
	    (app->alerted == TIME_NONE || app->now.steady - app->alerted >= APP_ALERT_PERIOD)) {
		(void)alert_list_add(b, APP_ALERTS, NULL);
		(void)open_plans_add(b, app->self);
	}
	in_flight->end = batch_steps(b);
	in_flight->placed = in_flight->rows && scope_watch_add(pane, b);
	pane->moved = false;
	app->requests.refresh = false;
	return b;
}

bool refresh_outdated(const struct app *app, const struct in_flight *in_flight) {
	return in_flight->act == ACT_NONE && in_flight->number != app_shown(app)->question;
}

/* Shows the end of a command that this console has sent. */
static void tell_end(struct app *app, const struct command *command) {
	const struct pending_command *one = pending_find(&app->pending, command->id);
	bool good = command->state == COMMAND_DONE && !queue_partly(command) &&
		    (strcmp(command->outcome, "applied") == 0 || strcmp(command->outcome, "noop") == 0);
	struct buf text = {0};

	if (one == NULL || command->state == COMMAND_QUEUED || command->state == COMMAND_RUNNING) {
		return;
	}
	if (command->outcome == NULL) {
		buf_puts(&text,
		    command->state == COMMAND_QUARANTINED ? "stuck" : command_state_names[command->state]);
		buf_puts(&text, command->explanation == NULL ? "" : ": ");
	}
	command_result(command, &text);
	app_say(app, good ? STYLE_BOLD : STYLE_DANGER, "%s (%s)", buf_text(&text), one->what);
	buf_release(&text);
	pending_drop(&app->pending, command->id);
}

static void take_followed(struct app *app, const struct in_flight *in_flight, const struct batch *b) {
	for (size_t step = in_flight->follow_at; step < in_flight->alerts_at; step++) {
		if (batch_count(b, step) > 0) {
			tell_end(app, batch_row(b, step, 0));
		}
	}
	if (in_flight->alerts_at < in_flight->end) {
		rowset_take(&app->alerts, &row_alert, b, in_flight->alerts_at);
		rowset_take(&app->others, &row_open_plan, b, in_flight->alerts_at + 1);
		app->alerted = app->now.steady;
	}
}

/* Takes the place to go on from, with a copy of its text. */
static void take_reach(struct pane *pane, const struct reach *reach) {
	free(pane->reach_text);
	pane->reach_text = mem_text(reach->text);
	pane->reach = *reach;
	pane->reach.text = pane->reach_text;
}

static void take_rows(
    struct app *app, struct pane *pane, const struct in_flight *in_flight, const struct batch *b) {
	struct answer answer = {0};

	view_read(pane->view, &in_flight->question, b, &answer);
	answer.fill.fresh = pane->fresh;
	answer.fill.keep = in_flight->question.keep;
	if (in_flight->question.from == 0) {
		pane_search_anew(pane);
	}
	pane->total = answer.total;
	pane->at_least = answer.at_least;
	take_reach(pane, &answer.reach);
	pane->among = answer.among;
	pane->sampled = answer.sampled;
	pane->fetched = app->now.steady;
	pane->behind = app->link.behind;
	if (pane->fresh && pane->among > 0) {
		app_say(app, STYLE_WARNING, "too many to sort them all: %lld are sorted; a filter narrows",
		    (long long)pane->among);
	}
	list_refresh(&pane->list, &answer.fill, app->now.steady);
	pane->fresh = pane->fresh && pane->list.jump != JUMP_NONE;
	answer_release(&answer);
}

void refresh_answered(struct app *app, const struct in_flight *in_flight, const struct batch *b) {
	struct pane *pane = trail_asked(&app->trail, in_flight->number);

	if (in_flight->act != ACT_NONE) {
		submit_answered(app, in_flight, b);
		return;
	}
	take_followed(app, in_flight, b);
	if (pane == NULL) {
		return;
	}
	if (pane->failed != TIME_NONE) {
		pane->failed = TIME_NONE;
		buf_cut(&app->message, 0);
	}
	if (in_flight->placed && !scope_watch_answered(app, pane, b, in_flight->end)) {
		return;
	}
	if (in_flight->rows) {
		take_rows(app, pane, in_flight, b);
		address_search_answered(app, pane);
	}
	if (!id_is_nil(in_flight->more_of)) {
		rowsets_take(pane->more, pane->view->more_types, b, in_flight->more_at, in_flight->head_at);
		pane->more_of = in_flight->more_of;
	}
	rowsets_take(pane->head, pane->view->head_types, b, in_flight->head_at, in_flight->follow_at);
	pane->headed = in_flight->follow_at > in_flight->head_at;
}

void refresh_failed(struct app *app, const struct in_flight *in_flight, struct err *err) {
	struct pane *pane = trail_asked(&app->trail, in_flight->number);

	if (in_flight->act != ACT_NONE) {
		submit_failed(app, in_flight, err);
		return;
	}
	if (pane != NULL) {
		pane->failed = app->now.steady;
	}
	if (!refresh_outdated(app, in_flight) && !in_flight->cancelled && err->code != ERR_UNAVAILABLE) {
		app_say(app, STYLE_DANGER, "%s", err->message);
	}
}

void in_flight_release(struct in_flight *in_flight) {
	row_filter_release(&in_flight->filter);
	free(in_flight->from);
	scope_release(&in_flight->scope);
	*in_flight = (struct in_flight){0};
}
