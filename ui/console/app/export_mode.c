#include "ui/console/app/export_mode.h"

#include <stdlib.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "ui/console/app/app.h"
#include "ui/console/app/refresh.h"
#include "ui/verbs/row_file.h"

void export_mode_release(struct export_mode *export) {
	row_file_drop(export->file);
	walk_release(&export->walk);
	row_filter_release(&export->filter);
	scope_release(&export->scope);
	free(export->name);
	*export = (struct export_mode){0};
}

/* Returns the sort of the screen, or where only some of the rows are sorted, one that has them all. */
static int export_sort(const struct pane *pane) {
	return pane->among == 0 ? pane->sort : view_keyed_sort(pane->view, pane->sort);
}

bool export_mode_open(struct app *app, const char *name, bool replace, struct err *err) {
	const struct pane *pane = app_pane(app);
	struct export_mode next = {.name = mem_text(name),
	    .walk = walk_start(pane->view, export_sort(pane), pane->among == 0 && pane->reverse),
	    .scope = scope_copy(&pane->scope)};
	size_t wrong;

	if (app->export.file != NULL) {
		(void)err_set(
		    err, ERR_CONFLICT, "%s is still being written; Ctrl-C ends it", app->export.name);
	} else if (filter_read(pane->filter, pane->view, &next.filter, &wrong, err)) {
		next.file = row_file_new(name, replace, pane->view->kind.shape, app->ascii, err);
	}
	if (next.file == NULL) {
		export_mode_release(&next);
		return false;
	}
	next.walk.question.all = pane->all;
	next.walk.question.fleet = app->fleet;
	app->export = next;
	app_say(app, STYLE_NORMAL, "writing %s%s%s", name,
	    pane->among == 0 ? "" : ", too many rows to sort, in the order ",
	    pane->among == 0 ? "" : pane->view->sorts[next.walk.question.sort]);
	return true;
}

bool export_mode_due(const struct app *app) {
	return app->export.file != NULL;
}

struct batch *export_mode_start(struct app *app, struct in_flight *in_flight) {
	struct export_mode *export = &app->export;
	struct question *q = &export->walk.question;
	struct batch *b = batch_new(BATCH_READ);

	*in_flight = (struct in_flight){.act = ACT_EXPORT, .since = app->now.steady};
	q->filter = &export->filter;
	q->now = app->now.wall;
	q->whole = true;
	q->scope = export->scope;
	view_ask(export->walk.view, q, b);
	return b;
}

/* Ends the file, and tells how much is in it. */
static void end(struct app *app) {
	struct export_mode *export = &app->export;
	struct err err = {0};
	bool ok = row_file_end(export->file, &err);

	export->file = NULL;
	if (ok) {
		app_say(app, STYLE_BOLD, "%s: %zu %s written", export->name, export->rows,
		    export->rows == 1 ? "row" : "rows");
	} else {
		app_say(app, STYLE_DANGER, "%s", err.message);
	}
	err_release(&err);
	export_mode_release(export);
}

void export_mode_answered(struct app *app, const struct batch *b) {
	struct export_mode *export = &app->export;
	struct answer answer = {0};
	bool more;

	if (export->file == NULL) {
		return;
	}
	view_read(export->walk.view, &export->walk.question, b, &answer);
	for (size_t i = 0; i < answer.fill.count; i++) {
		row_file_add(export->file, answer.rows[i]);
	}
	export->rows += answer.fill.count;
	more = walk_next(&export->walk, &answer);
	answer_release(&answer);
	if (!more) {
		end(app);
	}
}

void export_mode_failed(struct app *app, const struct err *err) {
	if (app->export.file != NULL) {
		app_say(app, STYLE_DANGER, "%s was not written: %s", app->export.name, err->message);
		export_mode_release(&app->export);
	}
}
