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

/* A cause that has no screen is explained on that of the alerts. */
void row_open_worst(struct app *app) {
	struct jump jump = {0};

	if (app->alerts.count == 0) {
		app_say(app, STYLE_NORMAL, "nothing needs you");
		return;
	}
	(void)view_alerts.open(app->alerts.rows[0], &jump);
	if (jump.view == NULL) {
		app_show(app, &view_alerts);
	} else {
		app_jump(app, &jump);
	}
}

void row_toggle_all(struct app *app) {
	app_all(app, !app_pane(app)->all);
	app_say(
	    app, STYLE_NORMAL, app_pane(app)->all ? "ended ones are shown too" : "only open ones are shown");
}
