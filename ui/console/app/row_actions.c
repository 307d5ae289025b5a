#include "ui/console/app/row_actions.h"

#include "ui/console/app/app.h"

void row_open(struct app *app) {
	struct pane *pane = app_pane(app);
	struct jump jump = {0};
	const char *refused =
	    pane->view->open == NULL ? NULL : pane->view->open(list_current(&pane->list)->data, &jump);

	if (refused != NULL) {
		app_say(app, STYLE_WARNING, "%s", refused);
	} else if (jump.view != NULL) {
		app_jump(app, &jump);
	} else {
		pane->expanded = !pane->expanded;
		pane->detail_top = 0;
	}
}

void row_open_resources(struct app *app) {
	app_scope(app, &view_resources, scope_new(SCOPE_POOL, app_pool(app)));
}

void row_open_holders(struct app *app) {
	app_scope(app, &view_holders, scope_new(SCOPE_POOL, app_pool(app)));
}

/* Marks a lease; other rows cannot be marked. */
static bool mark(struct pane *pane, const struct list_row *row) {
	return marks_add(&pane->marks, row->id, ((const struct lease *)row->data)->generation);
}

void row_mark(struct app *app) {
	struct pane *pane = app_pane(app);
	const struct list_row *row = list_current(&pane->list);

	if (marks_has(&pane->marks, row->id)) {
		marks_drop(&pane->marks, row->id);
	} else if (!mark(pane, row)) {
		app_say(app, STYLE_WARNING, "no more than %d can be marked", MARKS_MOST);
		return;
	}
	list_move(&pane->list, MOVE_DOWN, app->now.steady);
	pane->moved = true;
}

void row_mark_shown(struct app *app) {
	struct pane *pane = app_pane(app);
	const struct list *list = &pane->list;
	size_t end =
	    list->top + (size_t)list->page < list->count ? list->top + (size_t)list->page : list->count;
	size_t before = pane->marks.count;

	for (size_t i = list->top; i < end; i++) {
		if (list->rows[i].mark != MARK_GONE) {
			(void)mark(pane, &list->rows[i]);
		}
	}
	if (pane->marks.count == before) {
		marks_release(&pane->marks);
	}
}

void row_toggle_all(struct app *app) {
	app_all(app, !app_pane(app)->all);
	app_say(
	    app, STYLE_NORMAL, app_pane(app)->all ? "ended ones are shown too" : "only open ones are shown");
}
