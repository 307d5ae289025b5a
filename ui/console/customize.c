#include "ui/console/customize.h"

#include <stdlib.h>

#include "db/base/err.h"
#include "ui/config/history.h"
#include "ui/console/app/app.h"
#include "ui/console/terminal/theme.h"
#include "ui/console/terminal/tty.h"

static void take(void *context, char kind, const char *text) {
	app_recall(context, kind, text);
}

void customize_start(struct app *app) {
	history_read(take, app);
}

static void change_theme(struct app *app, struct tty *tty) {
	struct theme theme;
	struct err err = {0};

	if (theme_read(app->requests.theme, &theme, &err)) {
		tty_theme(tty, &theme);
		app->requests.redraw = true;
	} else {
		app_tell(app, STYLE_DANGER, &err);
	}
	err_release(&err);
	free(app->requests.theme);
	app->requests.theme = NULL;
}

void customize(struct app *app, struct tty *tty) {
	struct buf *history = &app->requests.history;

	if (history->len > 0) {
		history_add(buf_text(history), history->len);
		buf_cut(history, 0);
	}
	if (tty == NULL) {
		return;
	}
	if (app->requests.mouse_on || app->requests.mouse_off) {
		tty_mouse(tty, app->requests.mouse_on);
		app->requests.mouse_on = app->requests.mouse_off = false;
	}
	if (app->requests.theme != NULL) {
		change_theme(app, tty);
	}
}
