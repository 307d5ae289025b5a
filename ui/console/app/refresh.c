#include "ui/console/app/refresh.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/queue.h"
#include "ui/console/app/submit.h"
#include "ui/console/screens/command_badge.h"

/* The row whose belongings are to be asked for; NULL: none. */
static const struct list_row *roomy_row(const struct pane *pane) {
	return pane->roomy && pane->view->ask_more != NULL ? list_current(&pane->list) : NULL;
}

/* Another row is under the cursor than the one that they were asked for. */
static bool wants_more(const struct pane *pane) {
	const struct list_row *row = roomy_row(pane);

	return row != NULL && !id_equal(row->id, pane->more_of);
}

bool ask_due(const struct app *app, int64_t *when) {
	const struct pane *pane = &app->panes[app->current];

	if (pane->failed != TIME_NONE) {
		*when = pane->failed + APP_PERIOD;
		return app->wishes.refresh || *when <= app->now.steady;
	}
	*when = pane->fetched == TIME_NONE ? app->now.steady : pane->fetched + app_period(pane);
	return app->wishes.refresh || pane->fresh || *when <= app->now.steady ||
	       pane->list.jump != JUMP_NONE || (pane->moved && list_wants(&pane->list)) || wants_more(pane);
}

static struct question question_of(const struct pane *pane, const struct asked *asked) {
	const struct list *list = &pane->list;
	const struct list_row *top = list->count == 0 ? NULL : &list->rows[list->top];

	return (struct question){.match = asked->filter.word,
	    .selector = asked->filter.labels ? &asked->filter.selector : NULL,
	    .invert = asked->filter.invert,
	    .scope = asked->scope,
	    .all = pane->all,
	    .sort = pane->sort,
	    .jump = list->jump,
	    .key = top != NULL && (list->top > 0 || list->more_above || list->touched) ? top->key : 0,
	    .at = top == NULL ? NULL : top->data,
	    .offset = list->offset + (int64_t)list->top,
	    .page = list->page,
	    .total = pane->total};
}

/* What is wrong does not become the filter of a pane (app_filter). */
static void read_filter(const struct pane *pane, struct asked *asked) {
	struct err err = {0};
	size_t wrong;

	if (!filter_read(pane->filter, pane->view->labelled, &asked->filter, &wrong, &err)) {
		err_release(&err);
	}
}

struct batch *ask_refresh(struct app *app, struct asked *asked) {
	struct pane *pane = app_pane(app);
	struct batch *b = batch_new(BATCH_READ);
	const struct list_row *row = roomy_row(pane);

	*asked = (struct asked){.pane = app->current,
	    .number = pane->question,
	    .scope = mem_text(pane->scope),
	    .since = app->now.steady};
	read_filter(pane, asked);
	asked->question = question_of(pane, asked);
	pane->view->ask(&asked->question, b);
	asked->question.at = NULL; /* the list may change until it is answered */
	asked->more_at = batch_steps(b);
	if (row != NULL) {
		asked->more_of = row->id;
		pane->view->ask_more(row->data, b);
	}
	asked->head_at = batch_steps(b);
	if (pane->view->ask_head != NULL) {
		pane->view->ask_head(b);
	}
	asked->follow_at = batch_steps(b);
	follow_ask(&app->follow, b);
	asked->end = batch_steps(b);
	pane->moved = false;
	app->wishes.refresh = false;
	return b;
}

bool ask_outdated(const struct app *app, const struct asked *asked) {
	const struct pane *pane = &app->panes[asked->pane];

	return asked->act == ACT_NONE && (asked->pane != app->current || asked->number != pane->question);
}

/* Tells the end of a command that was sent from here. */
static void tell_end(struct app *app, const struct command *command) {
	const struct followed *one = follow_find(&app->follow, command->id);
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
	follow_drop(&app->follow, command->id);
}

static void take_followed(struct app *app, const struct asked *asked, const struct batch *b) {
	for (size_t step = asked->follow_at; step < asked->end; step++) {
		if (batch_count(b, step) > 0) {
			tell_end(app, batch_row(b, step, 0));
		}
	}
}

void ask_answered(struct app *app, const struct asked *asked, const struct batch *b) {
	struct pane *pane = &app->panes[asked->pane];
	struct answer answer = {0};

	if (asked->act != ACT_NONE) {
		act_answered(app, asked, b);
		return;
	}
	take_followed(app, asked, b);
	if (asked->number != pane->question) {
		return;
	}
	pane->view->read(&asked->question, b, &answer);
	answer.fill.fresh = pane->fresh;
	pane->total = answer.total;
	pane->fetched = app->now.steady;
	if (pane->failed != TIME_NONE) {
		pane->failed = TIME_NONE;
		buf_cut(&app->message, 0);
	}
	list_take(&pane->list, &answer.fill, app->now.steady);
	pane->fresh = pane->fresh && pane->list.jump != JUMP_NONE;
	if (!id_is_nil(asked->more_of)) {
		rowsets_take(pane->more, pane->view->more_types, b, asked->more_at, asked->head_at);
		pane->more_of = asked->more_of;
	}
	rowsets_take(pane->head, pane->view->head_types, b, asked->head_at, asked->follow_at);
	pane->headed = asked->follow_at > asked->head_at;
	answer_release(&answer);
}

void ask_failed(struct app *app, const struct asked *asked, const struct err *err) {
	if (asked->act != ACT_NONE) {
		act_failed(app, asked, err);
		return;
	}
	app->panes[asked->pane].failed = app->now.steady;
	if (!ask_outdated(app, asked) && !asked->cancelled && err->code != ERR_UNAVAILABLE) {
		app_say(app, STYLE_DANGER, "%s", err->message);
	}
}

void asked_release(struct asked *asked) {
	filter_release(&asked->filter);
	free(asked->scope);
	*asked = (struct asked){0};
}
