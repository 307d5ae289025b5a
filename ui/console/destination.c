#include "ui/console/destination.h"

#include <stdlib.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/conn/conn.h"
#include "ui/console/app/app.h"
#include "ui/console/app/restart.h"
#include "ui/console/console.h"

bool destination_open(struct destination *to, const char *profile, struct err *err) {
	struct destination read = {0};

	if (*profile != '\0') {
		if (!config_read(&read.config, err)) {
			return false;
		}
		read.profile = config_profile(&read.config, profile, err);
		if (read.profile == NULL) {
			config_release(&read.config);
			return false;
		}
		read.options = mem_print("@%s ", profile);
	}
	*to = read;
	return true;
}

void destination_release(struct destination *to) {
	connect_release(&to->connect);
	config_release(&to->config);
	free(to->options);
	*to = (struct destination){0};
}

/* Returns the options of its connection, borrowed from both. */
static const struct conn_options *options_of(struct destination *to, const struct console_options *start) {
	if (to->profile == NULL) {
		connect_hide(start->connect);
		return start->conn;
	}
	connect_show(start->connect);
	connect_to_profile(&to->connect, to->profile);
	to->connect.options.read_only |= start->always_read_only;
	return &to->connect.options;
}

void destination_describe(
    const struct destination *to, const struct console_options *start, struct app *app) {
	const struct profile *profile = to->profile;

	free(app->environment);
	app->environment = mem_text(profile == NULL ? start->environment : profile->environment);
	app->alarm = profile == NULL ? start->alarm : profile->alarm;
	app->read_only = profile == NULL ? start->read_only : profile->read_only || start->always_read_only;
	app->connection = profile == NULL ? start->connection : to->options;
}

const struct conn_options *destination_change(struct destination *to, const struct destination *next,
    const struct console_options *start, struct app *app) {
	destination_release(to);
	*to = *next;
	app_restart(app);
	destination_describe(to, start, app);
	return options_of(to, start);
}

bool destination_watch(const struct conn *conn, struct app_link *link, struct err *err) {
	enum conn_state state = conn_state(conn);
	const struct err *trouble = conn_trouble(conn);

	link->up = state == CONN_READY || state == CONN_BUSY;
	link->server = conn_server(conn);
	link->database = conn_database(conn);
	link->user = conn_user(conn);
	link->trouble = trouble->message == NULL ? "" : trouble->message;
	link->barred = conn_read_only(conn);
	link->viewer = link->up ? !conn_may_write(conn) : link->viewer;
	link->retry = state == CONN_DOWN ? conn_deadline(conn) : TIME_NONE;
	return link->up || trouble->code != ERR_SCHEMA_MISMATCH || err_copy(err, trouble);
}
