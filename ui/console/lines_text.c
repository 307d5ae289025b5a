#include "ui/console/lines_text.h"

#include "db/base/buf.h"
#include "db/base/err.h"
#include "ui/console/app/app.h"
#include "ui/console/list/filter.h"

void lines_title(const struct app *app, struct buf *out) {
	const struct pane *pane = app_shown(app);

	buf_puts(out, pane->view->name);
	if (pane->scope.text != NULL) {
		buf_printf(out, " of %s", pane->scope.text);
	}
	if (*pane->filter != '\0') {
		buf_printf(out, ", filter %s", pane->filter);
	}
	if (pane->total >= 0) {
		buf_printf(out, ", %lld in all", (long long)pane->total);
	}
	buf_puts(out, ", sorted by ");
	view_sort_words(pane->view, pane->sort, pane->reverse, out);
	pane_sorted(pane, app->now.wall, out);
	buf_puts(out, app_writable(app) ? ", write mode" : "");
}

void lines_row(const struct app *app, const struct list_row *row, bool current, struct buf *out) {
	const struct pane *pane = app_shown(app);
	struct context context = {.now = app->now.wall, .scope = pane->scope, .ascii = app->ascii};

	buf_puts(out, current ? "> " : "");
	pane->view->linear(row->data, &context, out);
}

void lines_item(const struct menu *menu, size_t item, struct buf *out) {
	const struct menu_item *it = &menu->items[item];

	buf_printf(out, "%c %s", it->letter == 0 ? '-' : it->letter, it->what);
	if (it->name != NULL) {
		buf_printf(out, " %s", it->name);
	}
	if (menu->ticks) {
		buf_puts(out, it->ticked ? ", shown" : ", hidden");
	}
}

void lines_message(const struct app *app, struct buf *out) {
	struct row_filter filter = {0};
	struct err err = {0};
	size_t wrong;

	if (app->mode == MODE_FILTER &&
	    !filter_read(line_editor_text(&app->filter), app_shown(app)->view, &filter, &wrong, &err)) {
		buf_puts(out, err.message);
	} else if (app->mode == MODE_COMMAND && app->rejected != NULL) {
		buf_puts(out, app->rejected);
	} else {
		buf_puts(out, buf_text(&app->message));
	}
	row_filter_release(&filter);
	err_release(&err);
}
