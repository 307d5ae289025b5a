#include "ui/console/app/fleet_mode.h"

#include <stdlib.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "ui/console/app/app.h"
#include "ui/console/app/refresh.h"
#include "ui/console/app/submit.h"

const char fleet_mode_refusal[] = "@fleet is several databases: Enter opens the console of one";

void fleet_mode_show(struct app *app, struct environments fleet) {
	app->fleet = fleet;
	app->read_only = true;
	trail_begin(&app->trail, &view_fleet);
	app_pane(app)->question = ++app->questions;
	app->requests.refresh = true;
}

bool fleet_mode_stays(struct app *app) {
	if (app->fleet.count > 0) {
		app_say(app, STYLE_WARNING, "%s", fleet_mode_refusal);
	}
	return app->fleet.count > 0;
}

void fleet_mode_refuse(struct app *app, const char *detail) {
	struct in_flight in_flight = {0};
	struct err err = {0};

	batch_free(submit_start(app, &in_flight, detail));
	(void)err_set(&err, ERR_INVALID_INPUT, "%s", fleet_mode_refusal);
	refresh_failed(app, &in_flight, &err);
	err_release(&err);
	in_flight_release(&in_flight);
}

bool fleet_mode_leave(struct app *app, struct jump *jump) {
	if (jump->environment == NULL) {
		return false;
	}
	free(app->requests.connect);
	app->requests.connect = jump->environment;
	jump->environment = NULL;
	jump_release(&app->requests.then);
	app->requests.then = *jump;
	*jump = (struct jump){0};
	return true;
}

bool fleet_mode_return(struct app *app) {
	if (!app->of_fleet || app->requests.connect != NULL) {
		return false;
	}
	app->requests.connect = mem_text("");
	return true;
}
