#include "ui/console/app/restart.h"

#include "ui/console/app/app.h"

static void swap(struct line_editor *a, struct line_editor *b) {
	struct line_editor kept = *a;

	*a = *b;
	*b = kept;
}

void app_restart(struct app *app) {
	struct app next;

	app_init(&next, NULL, app->ascii, app->read_only);
	swap(&next.filter, &app->filter);
	swap(&next.command, &app->command);
	line_editor_set(&next.filter, "");
	next.now = app->now;
	app_release(app);
	*app = next;
}
