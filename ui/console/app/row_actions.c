#include "ui/console/app/row_actions.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "ui/console/app/app.h"
#include "ui/console/screens/project_badge.h"

/* A list of its own, without what an earlier one was filtered by. */
static void open_list(struct app *app, size_t view, const char *scope) {
	app_scope(app, view, scope);
	(void)app_filter(app, "");
}

static void open_targets(struct app *app, const char *key, const char *value) {
	char *label = mem_print("%s=%s", key, value);

	open_list(app, VIEW_TARGETS, label);
	free(label);
}

void row_open_label(struct app *app, const char *key, const char *value) {
	open_list(app, VIEW_VALUES, key);
	if (value != NULL) {
		open_targets(app, key, value);
	}
}

/* A thing where it stands among its like: the filter brings it up. */
static void open_target(struct app *app, const struct label_target *target) {
	static const struct {
		const char *kind;
		size_t view;
	} screens[] = {{"lease", VIEW_LEASES}, {"resource", VIEW_RESOURCES}, {"pool", VIEW_POOLS},
	    {"project", VIEW_PROJECTS}, {"org", VIEW_PROJECTS}};
	char id[ID_TEXT];

	for (size_t i = 0; i < sizeof screens / sizeof *screens; i++) {
		if (strcmp(screens[i].kind, target->kind) == 0) {
			bool lease = screens[i].view == VIEW_LEASES;
			bool scoped = lease || screens[i].view == VIEW_RESOURCES;

			app_scope(app, screens[i].view, scoped ? target->pool : NULL);
			(void)app_filter(app, lease ? id_text(target->id, id) : target->target);
			return;
		}
	}
	app_say(app, STYLE_WARNING, "a %s has no screen of its own", target->kind);
}

void row_open(struct app *app) {
	struct pane *pane = app_pane(app);
	const void *row = list_current(&pane->list)->data;
	char id[ID_TEXT];

	if (app->current == VIEW_LABELS) {
		row_open_label(app, ((const struct label_group *)row)->key, NULL);
	} else if (app->current == VIEW_VALUES) {
		open_targets(
		    app, ((const struct label_group *)row)->key, ((const struct label_group *)row)->value);
	} else if (app->current == VIEW_TARGETS) {
		open_target(app, row);
	} else if (app->current == VIEW_POOLS) {
		app_scope(app, VIEW_LEASES, view_scope(pane->view, row));
	} else if (app->current == VIEW_PROJECTS) {
		struct buf name = {0};

		project_name(row, &name);
		app_scope(app, VIEW_LEASES, buf_text(&name));
		buf_release(&name);
	} else if (app->current == VIEW_QUEUE && ((const struct command *)row)->bulk) {
		app_scope(app, VIEW_QUEUE, id_text(((const struct command *)row)->id, id));
	} else {
		pane->expanded = !pane->expanded;
		pane->detail_top = 0;
	}
}

void row_open_resources(struct app *app) {
	app_scope(app, VIEW_RESOURCES, app_pool(app));
}

/* Of leases: nothing else can be marked. */
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
	app_say(app, STYLE_NORMAL, app_pane(app)->all ? "with what has ended" : "only what is open");
}
