#include "ui/console/input/mouse.h"

#include "ui/console/app/app.h"
#include "ui/console/list/table.h"

enum { WHEEL = 3 /* rows */ };

static void click_title(struct app *app, int column) {
	const struct pane *pane = app_pane(app);
	struct context context = {
	    .now = app->now.wall, .scope = pane->scope, .hidden = pane->hidden, .ascii = app->ascii};
	struct table table;

	table_init(&table, pane->view, &context, app->shown);
	for (size_t i = 0; i < pane->view->column_count; i++) {
		int sort =
		    column >= table.start[i] && column < table.end[i] ? view_sort_of(pane->view, i) : -1;

		if (sort >= 0) {
			app_sort_or_reverse(app, sort);
		}
	}
}

static void click(struct app *app, int row, int column) {
	struct pane *pane = app_pane(app);
	struct rect area = app->shown;
	bool inside = column >= area.column && column < area.column + area.columns;
	size_t at = pane->list.top + (size_t)(row - area.row);

	if (!inside || pane->expanded) {
		return;
	}
	if (row == area.row - 1) {
		click_title(app, column);
	} else if (row >= area.row && row < area.row + area.rows && at < pane->list.count) {
		list_go(&pane->list, at, app->now.steady);
		pane->moved = true;
		pane->detail_top = 0;
	}
}

/* Types a key of the mode as often as the wheel turns rows. */
static void wheel(struct app *app, bool down) {
	const struct key_event event = {.key = down ? KEY_CODE_DOWN : KEY_CODE_UP};

	for (int i = 0; i < WHEEL; i++) {
		app_key(app, &event);
	}
}

void mouse_event(struct app *app, const struct key_event *event) {
	bool reads = app->mode == MODE_LIST || app->mode == MODE_HELP || app->mode == MODE_MENU ||
		     (app->mode == MODE_CALL && app->call.state == CALL_DONE);

	if (!reads) {
		return;
	}
	switch (event->button) {
	case MOUSE_UP:
	case MOUSE_DOWN:
		wheel(app, event->button == MOUSE_DOWN);
		break;
	case MOUSE_CLICK:
		if (app->mode == MODE_LIST) {
			click(app, event->row, event->column);
		}
		break;
	case MOUSE_NONE:
		break;
	}
}
