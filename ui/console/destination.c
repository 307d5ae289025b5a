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
		if (start->connect != NULL) {
			connect_hide(start->connect);
		}
		return start->conn;
	}
	if (start->connect != NULL) {
		connect_show(start->connect);
	}
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
	app->of_fleet = start->fleet != NULL && profile != NULL;
}

const struct conn_options *destination_change(struct destination *to, const struct destination *next,
    const struct console_options *start, struct app *app) {
	destination_release(to);
	*to = *next;
	app_restart(app);
	destination_describe(to, start, app);
	return options_of(to, start);
}

bool destination_is_fleet(const struct destination *to, const struct console_options *start) {
	return start->fleet != NULL && to->profile == NULL;
}

const struct conn_options *destination_reads(struct destination *to, const struct console_options *start) {
	if (to->profile == NULL) {
		return start->reads;
	}
	return connect_reads(&to->reads, NULL, NULL, to->profile) ? &to->reads.options : NULL;
}

enum pair_use destination_use(enum act act) {
	switch (act) {
	case ACT_NONE:
	case ACT_GATHER:
	case ACT_EXPORT:
	case ACT_COMPLETE:
		return PAIR_READS;
	case ACT_LOOK:
	case ACT_MERGE:
	case ACT_NOTE:
		return PAIR_LOOKS;
	default:
		return PAIR_CHANGES;
	}
}

/* Fills in the state of the standby. */
static void watch_standby(const struct pair *pair, struct app_link *link) {
	const struct conn *standby = pair->standby;

	link->standby = standby == NULL ? NULL : conn_server(standby);
	link->reads_trouble = pair_trouble(pair);
	link->by_standby = pair->by_standby && (link->reads_trouble == NULL || pair->older);
	link->behind = pair_behind(pair);
	if (!link->up && pair_is_ready(pair, PAIR_READS)) {
		link->up = true;
		link->barred = *link->trouble == '\0' ? "the primary is not connected yet" : link->trouble;
	}
	if (standby != NULL && *link->database == '\0') {
		link->server = conn_server(standby);
		link->database = conn_database(standby);
		link->user = conn_user(standby);
	}
}

bool destination_watch(const struct pair *pair, struct app_link *link, struct err *err) {
	const struct conn *conn = pair->primary;
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
	if (!link->up && trouble->code == ERR_SCHEMA_MISMATCH) {
		return err_copy(err, trouble);
	}
	watch_standby(pair, link);
	return true;
}
