#include "ui/console/app/marking.h"

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "ui/console/app/app.h"
#include "ui/console/app/refresh.h"
#include "ui/text/column.h"
#include "ui/text/humanize.h"

/* Marks a row; false when there are too many marks. */
static bool mark(struct app *app, struct pane *pane, struct id id, const void *row) {
	if (!marks_add(&pane->marks, id, pane->view->kind.shape->type, row)) {
		app_say(app, STYLE_WARNING, "no more than %d can be marked", MARKS_MOST);
		return false;
	}
	return true;
}

void marking_toggle(struct app *app) {
	struct pane *pane = app_pane(app);
	const struct list_row *row = list_current(&pane->list);

	if (marks_has(&pane->marks, row->id)) {
		marks_drop(&pane->marks, row->id);
	} else if (!mark(app, pane, row->id, row->data)) {
		return;
	}
	pane->ranging = false;
	list_move(&pane->list, MOVE_DOWN, app->now.steady);
	pane->moved = true;
}

void marking_range(struct app *app) {
	struct pane *pane = app_pane(app);
	const struct list_row *row = list_current(&pane->list);

	pane->ranging = !pane->ranging && mark(app, pane, row->id, row->data);
	if (pane->ranging) {
		app_say(app, STYLE_NORMAL, "range: move to its end; V ends it");
	}
}

void marking_moved(struct app *app, size_t from, size_t to) {
	struct pane *pane = app_pane(app);
	size_t first = from < to ? from : to;
	size_t last = from < to ? to : from;

	if (!pane->ranging) {
		return;
	}
	for (size_t i = first; i <= last && i < pane->list.count; i++) {
		const struct list_row *row = &pane->list.rows[i];

		if (row->mark != MARK_GONE && !mark(app, pane, row->id, row->data)) {
			pane->ranging = false;
			return;
		}
	}
	if (pane->list.owed != 0 || pane->list.jump != JUMP_NONE) {
		pane->ranging = false;
		app_say(app, STYLE_WARNING,
		    "the range ends at the rows that are loaded; ** marks all that match");
	}
}

void marking_shown(struct app *app) {
	struct pane *pane = app_pane(app);
	const struct list *list = &pane->list;
	size_t end = list_page_end(list);
	size_t before = pane->marks.count;

	pane->ranging = false;
	if (pane->starred) {
		pane->starred = false;
		app->requests.act = ACT_GATHER;
		return;
	}
	for (size_t i = list->top; i < end; i++) {
		if (list->rows[i].mark != MARK_GONE &&
		    !mark(app, pane, list->rows[i].id, list->rows[i].data)) {
			return;
		}
	}
	if (pane->marks.count == before) {
		marks_release(&pane->marks);
	} else {
		pane->starred = true;
		app_say(app, STYLE_NORMAL, "%zu marked; * again marks all that match", pane->marks.count);
	}
}

void marking_gathered(struct app *app, const struct in_flight *in_flight, const struct batch *b) {
	struct pane *pane = app_pane(app);
	const struct list_kind *kind = &pane->view->kind;
	struct answer answer = {0};
	struct buf count = {0};
	bool all = true;

	if (pane->question != in_flight->number) {
		return;
	}
	view_read(pane->view, &in_flight->question, b, &answer);
	for (size_t i = 0; i < answer.fill.count && all; i++) {
		all = mark(app, pane, list_id(kind, answer.rows[i]), answer.rows[i]);
	}
	humanize_number((int64_t)pane->marks.count, &count);
	if (all && !answer.fill.more_below) {
		pane->marks.all = true;
		app_say(app, STYLE_BOLD, "%s match, and all are marked", buf_text(&count));
	} else {
		app_say(app, STYLE_WARNING, "more match than can be marked: only the first %s are",
		    buf_text(&count));
	}
	buf_release(&count);
	answer_release(&answer);
}

const void **marking_ordered(const struct pane *pane) {
	const struct marks *marks = &pane->marks;
	const struct list *list = &pane->list;
	const void **rows = mem_new(marks->count, sizeof *rows);
	size_t n = 0;

	for (size_t i = 0; i < list->count; i++) {
		const void *row = marks_row(marks, list->rows[i].id);

		if (row != NULL && n < marks->count) {
			rows[n++] = row;
		}
	}
	if (n < marks->count) {
		for (size_t i = 0; i < marks->count; i++) {
			rows[i] = marks->items[i].row;
		}
		view_sort_rows(pane->view, pane->sort, pane->reverse, rows, marks->count);
	}
	return rows;
}
