#include "ui/console/ask.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch.h"
#include "db/clock.h"
#include "db/err.h"
#include "db/mem.h"
#include "model/lease.h"
#include "ui/console/app.h"
#include "ui/console/row.h"
#include "ui/console/words.h"

/* The row whose belongings are to be asked for; NULL: none. */
static const struct list_row *roomy_row(const struct pane *pane) {
	return pane->roomy && pane->view->more_type != NULL ? list_current(&pane->list) : NULL;
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
	*when = pane->fetched == TIME_NONE ? app->now.steady : pane->fetched + APP_PERIOD;
	return app->wishes.refresh || pane->fresh || *when <= app->now.steady ||
	       pane->list.jump != JUMP_NONE || (pane->moved && list_wants(&pane->list)) || wants_more(pane);
}

static struct question question_of(const struct pane *pane, const struct asked *asked) {
	const struct list *list = &pane->list;

	return (struct question){.match = asked->match + (asked->match[0] == '!' ? 1 : 0),
	    .invert = asked->match[0] == '!',
	    .scope = asked->scope,
	    .sort = pane->sort,
	    .jump = list->jump,
	    .key = list->count > 0 && (list->top > 0 || list->more_above || list->touched)
		       ? list->rows[list->top].key
		       : 0,
	    .offset = list->offset + (int64_t)list->top,
	    .page = list->page,
	    .total = pane->total,
	    .more_of = asked->more};
}

struct batch *ask_refresh(struct app *app, struct asked *asked) {
	struct pane *pane = app_pane(app);
	struct batch *b = batch_new(BATCH_READ);
	const struct list_row *row = roomy_row(pane);

	*asked = (struct asked){.pane = app->current,
	    .number = pane->question,
	    .match = mem_text(pane->filter),
	    .scope = mem_text(pane->scope),
	    .since = app->now.steady};
	if (row != NULL) {
		asked->more = mem_text(pane->view->scope(row->data));
		asked->more_of = row->id;
	}
	asked->question = question_of(pane, asked);
	pane->view->ask(&asked->question, b);
	pane->moved = false;
	app->wishes.refresh = false;
	return b;
}

struct batch *ask_act(struct app *app, struct asked *asked, const char *detail) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};

	app->wishes.act = false;
	if (!form_add(&app->form, detail, b, &err)) {
		app_say(app, STYLE_DANGER, "%s", err.message);
		err_release(&err);
		batch_free(b);
		return NULL;
	}
	app->form.busy = true;
	*asked = (struct asked){.act = true, .since = app->now.steady};
	return b;
}

bool ask_outdated(const struct app *app, const struct asked *asked) {
	const struct pane *pane = &app->panes[asked->pane];

	return !asked->act && (asked->pane != app->current || asked->number != pane->question);
}

static void answered_act(struct app *app, const struct batch *b) {
	const struct lease *lease = batch_row(b, 0, 0);
	struct buf value = {0};
	char id[ID_TEXT];

	lease_value(lease, &value);
	app_say(app, STYLE_BOLD, "%s %s of %s, lease %s",
	    lease->replayed ? "already allocated:" : "allocated", buf_text(&value), lease->pool,
	    id_text(lease->id, id));
	buf_release(&value);
	form_release(&app->form);
	app->mode = app->mode == MODE_FORM ? MODE_LIST : app->mode;
	app->wishes.refresh = true;
}

static void take_more(struct pane *pane, const struct asked *asked, const struct answer *answer) {
	pane_forget(pane);
	pane->more_of = asked->more_of;
	pane->more = mem_new(answer->more_count, sizeof *pane->more);
	for (size_t i = 0; i < answer->more_count; i++) {
		pane->more[pane->more_count++] = row_copy(pane->view->more_type, answer->more[i]);
	}
}

void ask_answered(struct app *app, const struct asked *asked, const struct batch *b) {
	struct pane *pane = &app->panes[asked->pane];
	struct answer answer = {0};

	if (asked->act) {
		answered_act(app, b);
		return;
	}
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
	if (asked->more != NULL) {
		take_more(pane, asked, &answer);
	}
	free(answer.rows);
	free(answer.more);
}

void ask_failed(struct app *app, const struct asked *asked, const struct err *err) {
	if (asked->act) {
		bool unknown = err->code == ERR_OUTCOME_UNKNOWN || err->code == ERR_UNAVAILABLE ||
			       err->code == ERR_TIMEOUT;

		app->form.busy = false;
		app->form.unsettled |= unknown;
		app_say(app, STYLE_DANGER, "%.*s%s%s",
		    (int)(unknown ? words_sentence(err->message) : strlen(err->message)), err->message,
		    err->hint == NULL ? "" : "; ", err->hint == NULL ? "" : err->hint);
		return;
	}
	app->panes[asked->pane].failed = app->now.steady;
	if (!ask_outdated(app, asked) && !asked->cancelled && err->code != ERR_UNAVAILABLE) {
		app_say(app, STYLE_DANGER, "%s", err->message);
	}
}

void asked_release(struct asked *asked) {
	free(asked->match);
	free(asked->scope);
	free(asked->more);
	*asked = (struct asked){0};
}
