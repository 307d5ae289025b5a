#include "ui/console/input/mouse.h"

#include <ctype.h>
#include <string.h>

#include "db/base/buf.h"
#include "ui/console/app/app.h"
#include "ui/console/list/column_choice.h"
#include "ui/console/list/table.h"

enum { WHEEL = 3 /* rows */ };

/* Returns the sort that has the name of a column: of its member, or of its title, "RUNS OUT" for "runs-out";
 * -1 for none. */
static int sort_of(const struct view *view, size_t column) {
	const char *name = view->columns[column].name;
	struct buf word = {0};
	int found;

	column_word(view, column, &word);
	for (size_t i = 0; i < word.len; i++) {
		word.text[i] = word.text[i] == ' ' ? '-' : (char)tolower((unsigned char)word.text[i]);
	}
	found = view_sort_named(view, buf_text(&word));
	buf_release(&word);
	return found < 0 && name != NULL ? view_sort_named(view, name) : found;
}

static void click_title(struct app *app, int column) {
	const struct pane *pane = app_pane(app);
	struct context context = {
	    .now = app->now.wall, .scope = pane->scope, .hidden = pane->hidden, .ascii = app->ascii};
	struct table table;

	table_init(&table, pane->view, &context, app->shown);
	for (size_t i = 0; i < pane->view->column_count; i++) {
		int sort = column >= table.start[i] && column < table.end[i] ? sort_of(pane->view, i) : -1;

		if (sort >= 0) {
			app_sort(app, sort);
			app_say(app, STYLE_NORMAL, "sorted by %s", pane->view->sorts[sort]);
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
