#include "ui/console/app/write_mode.h"

#include "db/base/clock.h"
#include "ui/console/app/app.h"

void write_mode_toggle(struct app *app) {
	if (app_writable(app)) {
		app->write_until = TIME_NONE;
		app_say(app, STYLE_NORMAL, "read-only again");
	} else if (app_refuses(app, NEED_RIGHT) != NULL) {
		app_say(app, STYLE_WARNING, "%s", app_refuses(app, NEED_RIGHT));
	} else if (app->read_only) {
		app_say(app, STYLE_WARNING, "refused: berth was started with --read-only");
	} else if (*app_environment(app) == '\0') {
		app_say(app, STYLE_WARNING, "refused: there is no connection yet");
	} else {
		confirm_release(&app->unlock);
		app->behind = app->mode;
		app->mode = MODE_UNLOCK;
		app->requests.flush = true;
	}
}

bool write_mode_allows(struct app *app) {
	const char *refused = app_refuses(app, NEED_CHANGE);

	if (refused != NULL) {
		app_say(app, STYLE_WARNING, "%s", refused);
	}
	return refused == NULL;
}

bool write_mode_confirms(struct app *app) {
	if (!app_writable(app)) {
		write_mode_toggle(app);
		return false;
	}
	return write_mode_allows(app);
}

void write_mode_unlock(struct app *app, const struct key_event *event) {
	enum confirm_result result = confirm_key(&app->unlock, app_environment(app), event);

	if (result != CONFIRM_YES && result != CONFIRM_WRONG && result != CONFIRM_LEFT) {
		return;
	}
	app->mode = app->behind;
	app->requests.flush |= app->mode != MODE_LIST;
	if (result == CONFIRM_LEFT) {
		app_say(app, STYLE_NORMAL, "still read-only");
	} else if (result == CONFIRM_YES) {
		app->write_until = app->now.steady + APP_WRITE;
		app_say(app, STYLE_WARNING, "write mode for 10 minutes%s",
		    app->mode != MODE_LIST ? "" : "; W ends it");
	} else {
		app_say(app, STYLE_WARNING, "still read-only: the environment's name is %s",
		    app_environment(app));
	}
}
