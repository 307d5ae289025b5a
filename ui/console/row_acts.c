#include "ui/console/row_acts.h"

#include "ui/console/app.h"

void row_open(struct app *app) {
	struct pane *pane = app_pane(app);
	const void *row = list_current(&pane->list)->data;
	char id[ID_TEXT];

	if (app->current == PLACE_OF_POOLS) {
		app_scope(app, PLACE_OF_LEASES, pane->view->scope(row));
	} else if (app->current == PLACE_OF_QUEUE && ((const struct command *)row)->bulk) {
		app_scope(app, PLACE_OF_QUEUE, id_text(((const struct command *)row)->id, id));
	} else {
		pane->expanded = !pane->expanded;
		pane->detail_top = 0;
	}
}

void row_open_resources(struct app *app) {
	app_scope(app, PLACE_OF_RESOURCES, app_pool(app));
}

void row_mark(struct app *app) {
	struct pane *pane = app_pane(app);
	const struct list_row *row = list_current(&pane->list);

	if (marks_has(&pane->marks, row->id)) {
		marks_drop(&pane->marks, row->id);
	} else if (!marks_add(&pane->marks, row->id, pane->view->generation(row->data))) {
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
			(void)marks_add(
			    &pane->marks, list->rows[i].id, pane->view->generation(list->rows[i].data));
		}
	}
	if (pane->marks.count == before) {
		marks_release(&pane->marks);
	}
}

void row_toggle_all(struct app *app) {
	app_all(app, !app_pane(app)->all);
	app_say(app, STYLE_NORMAL, app_pane(app)->all ? "with what has ended" : "only what is open");
}
