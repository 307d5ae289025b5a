#include "db/conn/session.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/schema/migrate.h"
#include "db/schema/version.h"
#include "db/batch/step.h"

/* Microseconds. */
enum {
	DELAY_FIRST = 250000,
	DELAY_LAST = 8000000,
	SEARCH_FIRST = 2000000,
	SEARCH_LAST = 30000000,
	CONNECT_TIME = 5000000
};

void link_init(struct link *link, const struct conn_options *options) {
	size_t n = 0;

	*link = (struct link){.state = LINK_DOWN, .deadline = clock_steady()};
	for (; options->keywords[n] != NULL; n++) {
		assert(n + 1 < LINK_PAIRS);
		link->keywords[n] = mem_text(options->keywords[n]);
		link->values[n] = mem_text(options->values[n]);
	}
	link->wants_primary = !options->read_only;
	backoff_init(&link->backoff, DELAY_FIRST, DELAY_LAST);
	backoff_init(&link->search, SEARCH_FIRST, SEARCH_LAST);
}

static void hang_up(struct link *link) {
	exchange_release(&link->exchange);
	PQfinish(link->pg);
	link->pg = NULL;
	batch_free(link->hello);
	link->hello = NULL;
	link->state = LINK_DOWN;
}

void link_release(struct link *link) {
	hang_up(link);
	for (size_t i = 0; link->keywords[i] != NULL; i++) {
		free(link->keywords[i]);
		free(link->values[i]);
	}
	hosts_release(&link->hosts);
	free(link->warning);
	free(link->user);
	free(link->database);
	free(link->server);
	err_release(&link->trouble);
}

static void lose_with(struct link *link, struct err *why) {
	err_move(&link->trouble, why);
	hang_up(link);
	link->deadline = clock_steady() + backoff_next(&link->backoff);
}

void link_lose(struct link *link, const char *why) {
	char *text = why == NULL ? step_lost(link->pg) : mem_text(why);
	struct err err = {0};

	err_set(&err, ERR_UNAVAILABLE, "%s", text);
	free(text);
	lose_with(link, &err);
}

void link_refuse(struct link *link, const char *why) {
	struct err err = {0};

	err_set(&err, ERR_READ_ONLY, "%s", why);
	lose_with(link, &err);
}

static bool is_on(const struct link *link, const char *parameter) {
	const char *value = PQparameterStatus(link->pg, parameter);

	return value != NULL && strcmp(value, "on") == 0;
}

const char *link_read_only(const struct link *link) {
	if (is_on(link, "in_hot_standby")) {
		return "the server takes no changes: it is a standby";
	}
	return is_on(link, "default_transaction_read_only")
		   ? "the server takes no changes: default_transaction_read_only is on"
		   : NULL;
}

/* What the caller has said, and behind it, which is stronger, what is left to try. */
static PGconn *open_connection(struct link *link) {
	const char *keywords[LINK_PAIRS + HOSTS_LISTS + 1];
	const char *values[LINK_PAIRS + HOSTS_LISTS + 1];
	size_t n = 0;
	PGconn *pg;

	for (; link->keywords[n] != NULL; n++) {
		keywords[n] = link->keywords[n];
		values[n] = link->values[n];
	}
	for (size_t i = 0; i < HOSTS_LISTS && link->hosts.count > 0; i++, n++) {
		keywords[n] = hosts_keywords[i];
		values[n] = link->hosts.lists[i];
	}
	keywords[n] = link->takes_changes ? "target_session_attrs" : NULL;
	values[n++] = "read-write";
	keywords[n] = NULL;
	pg = PQconnectStartParams(keywords, values, 1);
	if (pg == NULL) {
		abort();
	}
	step_hush(pg, &link->warning);
	return pg;
}

static void give_time(struct link *link) {
	link->host = PQhost(link->pg);
	link->deadline = link->each == 0 ? TIME_NONE : clock_steady() + link->each;
}

static void start_connecting(struct link *link);

/* Where no host takes changes any will do. */
static void refused(struct link *link) {
	if (!link->takes_changes || link->needs_changes) {
		link_lose(link, NULL);
		return;
	}
	link->takes_changes = false;
	hang_up(link);
	start_connecting(link);
}

/* Only libpq knows what it makes of options, environment and service file, and
 * tells it of a connection. */
static void learn_hosts(struct link *link) {
	hosts_of(&link->hosts, link->pg);
	link->each = conninfo_timeout(link->pg, CONNECT_TIME);
	if (link->knows_hosts) {
		return;
	}
	link->knows_hosts = true;
	link->wants_primary = link->wants_primary && link->hosts.count > 1 && !conninfo_is_choosy(link->pg);
	if (link->wants_primary) {
		link->takes_changes = true;
		PQfinish(link->pg);
		link->pg = open_connection(link);
	}
}

static void start_connecting(struct link *link) {
	link->pg = open_connection(link);
	if (link->hosts.count == 0) {
		learn_hosts(link);
	}
	link->state = LINK_CONNECTING;
	link->polling = PGRES_POLLING_WRITING;
	give_time(link);
	if (PQstatus(link->pg) == CONNECTION_BAD) {
		refused(link);
	}
}

static void start_anew(struct link *link) {
	hosts_release(&link->hosts);
	link->takes_changes = link->knows_hosts && link->wants_primary;
	start_connecting(link);
}

/* The host whose time it was keeps silent: it is for the others to answer. */
static void out_of_time(struct link *link) {
	if (!hosts_drop(&link->hosts, link->pg)) {
		link_lose(link, "the server did not answer in time");
		return;
	}
	hang_up(link);
	start_connecting(link);
}

static void say_hello(struct link *link) {
	struct arg args[] = {arg_int(schema_version)};

	link->state = LINK_GREETING;
	link->hello = batch_new(BATCH_READ);
	batch_add(link->hello, NULL, QUERY_HELLO, args, 1, NULL);
	if (!exchange_start(&link->exchange, link->pg, link->hello, false, false)) {
		link_lose(link, NULL);
	}
}

void link_greet_again(struct link *link) {
	give_time(link);
	say_hello(link);
}

static void greet(struct link *link) {
	const char *read_only = link->needs_changes ? link_read_only(link) : NULL;

	if (read_only != NULL) {
		link_refuse(link, read_only);
		return;
	}
	if (PQsetnonblocking(link->pg, 1) != 0 || PQenterPipelineMode(link->pg) != 1) {
		link_lose(link, NULL);
		return;
	}
	say_hello(link);
}

static void continue_connecting(struct link *link) {
	link->polling = PQconnectPoll(link->pg);
	if (link->polling == PGRES_POLLING_FAILED) {
		refused(link);
	} else if (link->polling == PGRES_POLLING_OK) {
		greet(link);
	} else if (PQhost(link->pg) != link->host) {
		give_time(link);
	}
}

static void remember_peer(struct link *link, const struct hello *hello) {
	const char *host = PQhost(link->pg);
	const char *port = PQport(link->pg);
	bool socket = host != NULL && host[0] == '/';

	free(link->user);
	free(link->database);
	free(link->server);
	link->user = mem_text(hello->user);
	link->database = mem_text(hello->database);
	link->server =
	    socket ? mem_text(host) : mem_print("%s:%s", host == NULL ? "" : host, port == NULL ? "" : port);
	link->process = (struct server_process){hello->pid, hello->started};
	/* A pooler announces a number of its own. */
	link->direct = PQbackendPID(link->pg) == hello->pid;
	link->history = (struct server_history){hello->system, hello->timeline, hello->place};
	link->confirms = hello->confirms;
}

static void greeted(struct link *link, struct err *err) {
	const struct hello *hello = err->code == ERR_NONE ? batch_row(link->hello, 0, 0) : NULL;

	if (err->code == ERR_SCHEMA_MISMATCH) {
		err_set(err, ERR_SCHEMA_MISMATCH, "the database has no schema of berth");
		err_hint(err, "run: berth migrate");
	}
	if (hello != NULL && hello->migrates) {
		err_set(err, ERR_UNAVAILABLE, "a migration of the schema from version %d is running",
		    (int)hello->schema);
		err_hint(err, "try again when it has ended");
	}
	if (hello == NULL || hello->migrates || !migrate_fits(hello->schema, err)) {
		lose_with(link, err);
		return;
	}
	remember_peer(link, hello);
	err_release(&link->trouble);
	backoff_reset(&link->backoff);
	batch_free(link->hello);
	link->hello = NULL;
	link->deadline = TIME_NONE;
	link->state = LINK_UP;
	link_mind_changes(link);
}

void link_mind_changes(struct link *link) {
	if (!link->wants_primary || link_read_only(link) == NULL) {
		link->deadline = TIME_NONE;
		backoff_reset(&link->search);
	} else if (link->deadline == TIME_NONE) {
		link->deadline = clock_steady() + backoff_next(&link->search);
	}
}

static void continue_greeting(struct link *link) {
	struct err err = {0};

	switch (exchange_step(&link->exchange, link->pg, &err)) {
	case EXCHANGE_LOST:
		link_lose(link, err.message);
		break;
	case EXCHANGE_DONE:
		greeted(link, &err);
		break;
	case EXCHANGE_GOES_ON:
		break;
	}
	err_release(&err);
}

/* Whatever comes as the answer to nothing is the end, also when it gives no reason. */
static void lose_to(struct link *link, PGresult *result) {
	char *why = mem_text(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));

	if (why == NULL) {
		why = mem_text("the server sent what nobody has asked for");
	}
	PQclear(result);
	link_lose(link, why);
	free(why);
}

static void hear_unasked(struct link *link) {
	PGresult *result;

	if (PQconsumeInput(link->pg) != 1 || PQstatus(link->pg) == CONNECTION_BAD) {
		link_lose(link, NULL);
		return;
	}
	result = PQisBusy(link->pg) ? NULL : PQgetResult(link->pg);
	if (result != NULL) {
		lose_to(link, result);
	}
}

static void step_on_time(struct link *link, short revents) {
	if (clock_passed(link->deadline)) {
		out_of_time(link);
	} else if (revents != 0 && link->state == LINK_CONNECTING) {
		continue_connecting(link);
	} else if (revents != 0) {
		continue_greeting(link);
	}
}

void link_step(struct link *link, short revents) {
	switch (link->state) {
	case LINK_DOWN:
		if (clock_passed(link->deadline)) {
			start_anew(link);
		}
		break;
	case LINK_CONNECTING:
	case LINK_GREETING:
		step_on_time(link, revents);
		break;
	case LINK_UP:
		if (revents != 0) {
			hear_unasked(link);
		} else if (clock_passed(link->deadline)) {
			hang_up(link);
			start_anew(link);
		}
		break;
	}
}

void link_hear(struct link *link) {
	PGnotify *notify = link->state == LINK_UP ? PQnotifies(link->pg) : NULL;

	for (; notify != NULL; notify = PQnotifies(link->pg)) {
		link->heard = true;
		PQfreemem(notify);
	}
}

short link_events(const struct link *link) {
	switch (link->state) {
	case LINK_CONNECTING:
		return link->polling == PGRES_POLLING_READING ? POLLIN : POLLOUT;
	case LINK_GREETING:
		return exchange_events(&link->exchange);
	case LINK_DOWN:
	case LINK_UP:
		break;
	}
	return POLLIN;
}
