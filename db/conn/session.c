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

void session_init(struct session *session, const struct conn_options *options) {
	size_t n = 0;

	*session = (struct session){.state = SESSION_DOWN, .deadline = clock_steady()};
	for (; options->keywords[n] != NULL; n++) {
		assert(n + 1 < SESSION_PAIRS);
		session->keywords[n] = mem_text(options->keywords[n]);
		session->values[n] = mem_text(options->values[n]);
	}
	session->wants_primary = !options->read_only;
	backoff_init(&session->backoff, DELAY_FIRST, DELAY_LAST);
	backoff_init(&session->search, SEARCH_FIRST, SEARCH_LAST);
}

static void hang_up(struct session *session) {
	pipeline_release(&session->pipeline);
	prepared_release(&session->prepared);
	PQfinish(session->pg);
	session->pg = NULL;
	batch_free(session->hello);
	session->hello = NULL;
	session->state = SESSION_DOWN;
}

void session_release(struct session *session) {
	hang_up(session);
	for (size_t i = 0; session->keywords[i] != NULL; i++) {
		free(session->keywords[i]);
		free(session->values[i]);
	}
	hosts_release(&session->hosts);
	free(session->warning);
	free(session->user);
	free(session->database);
	free(session->server);
	err_release(&session->trouble);
}

static void go_down(struct session *session, struct err *why) {
	err_move(&session->trouble, why);
	hang_up(session);
	session->deadline = clock_steady() + backoff_next(&session->backoff);
}

void session_lose(struct session *session, const char *why) {
	char *text = why == NULL ? step_lost(session->pg) : mem_text(why);
	struct err err = {0};

	err_set(&err, ERR_UNAVAILABLE, "%s", text);
	free(text);
	go_down(session, &err);
}

void session_refuse(struct session *session, const char *why) {
	struct err err = {0};

	err_set(&err, ERR_READ_ONLY, "%s", why);
	go_down(session, &err);
}

static bool is_on(const struct session *session, const char *parameter) {
	const char *value = PQparameterStatus(session->pg, parameter);

	return value != NULL && strcmp(value, "on") == 0;
}

bool session_is_standby(const struct session *session) {
	return is_on(session, "in_hot_standby");
}

const char *session_read_only(const struct session *session) {
	if (session_is_standby(session)) {
		return "the server accepts no changes: it is a standby";
	}
	return is_on(session, "default_transaction_read_only")
		   ? "the server accepts no changes: default_transaction_read_only is on"
		   : NULL;
}

/* Opens with the caller's options, followed by the hosts left to try, which override them. */
static PGconn *open_connection(struct session *session) {
	const char *keywords[SESSION_PAIRS + HOSTS_LISTS + 1];
	const char *values[SESSION_PAIRS + HOSTS_LISTS + 1];
	size_t n = 0;
	PGconn *pg;

	for (; session->keywords[n] != NULL; n++) {
		keywords[n] = session->keywords[n];
		values[n] = session->values[n];
	}
	for (size_t i = 0; i < HOSTS_LISTS && session->hosts.count > 0; i++, n++) {
		keywords[n] = hosts_keywords[i];
		values[n] = session->hosts.lists[i];
	}
	keywords[n] = session->only_writable ? "target_session_attrs" : NULL;
	values[n++] = "read-write";
	keywords[n] = NULL;
	pg = PQconnectStartParams(keywords, values, 1);
	if (pg == NULL) {
		abort();
	}
	step_hush(pg, &session->warning);
	return pg;
}

static void start_timer(struct session *session) {
	session->host = PQhost(session->pg);
	session->deadline = session->each == 0 ? TIME_NONE : clock_steady() + session->each;
}

static void start_connecting(struct session *session);

/* Tries again with any host when none accepts changes. */
static void refused(struct session *session) {
	if (!session->only_writable || session->always_writable) {
		session_lose(session, NULL);
		return;
	}
	session->only_writable = false;
	hang_up(session);
	start_connecting(session);
}

/* Reads the hosts from the connection: only libpq knows what options, environment and service file result in.
 */
static void learn_hosts(struct session *session) {
	hosts_read(&session->hosts, session->pg);
	session->each = conninfo_timeout(session->pg, CONNECT_TIME);
	if (session->knows_hosts) {
		return;
	}
	session->knows_hosts = true;
	session->wants_primary =
	    session->wants_primary && session->hosts.count > 1 && !conninfo_is_choosy(session->pg);
	if (session->wants_primary) {
		session->only_writable = true;
		PQfinish(session->pg);
		session->pg = open_connection(session);
	}
}

static void start_connecting(struct session *session) {
	session->pg = open_connection(session);
	if (session->hosts.count == 0) {
		learn_hosts(session);
	}
	session->state = SESSION_CONNECTING;
	session->polling = PGRES_POLLING_WRITING;
	start_timer(session);
	if (PQstatus(session->pg) == CONNECTION_BAD) {
		refused(session);
	}
}

static void restart(struct session *session) {
	hosts_release(&session->hosts);
	session->only_writable = session->knows_hosts && session->wants_primary;
	start_connecting(session);
}

/* Drops a host that did not answer in time, and tries the others. */
static void host_timed_out(struct session *session) {
	if (!hosts_drop(&session->hosts, session->pg)) {
		session_lose(session, "the server did not answer in time");
		return;
	}
	hang_up(session);
	start_connecting(session);
}

static void send_hello(struct session *session) {
	session->state = SESSION_GREETING;
	session->hello = batch_new(BATCH_READ);
	query_hello_add(session->hello, schema_version);
	if (!pipeline_start(&session->pipeline, session->pg, NULL, session->hello, false, false)) {
		session_lose(session, NULL);
	}
}

void session_greet_again(struct session *session) {
	start_timer(session);
	send_hello(session);
}

static void greet(struct session *session) {
	const char *read_only = session->always_writable ? session_read_only(session) : NULL;

	if (read_only != NULL) {
		session_refuse(session, read_only);
		return;
	}
	if (PQsetnonblocking(session->pg, 1) != 0 || PQenterPipelineMode(session->pg) != 1) {
		session_lose(session, NULL);
		return;
	}
	send_hello(session);
}

static void continue_connecting(struct session *session) {
	session->polling = PQconnectPoll(session->pg);
	if (session->polling == PGRES_POLLING_FAILED) {
		refused(session);
	} else if (session->polling == PGRES_POLLING_OK) {
		greet(session);
	} else if (PQhost(session->pg) != session->host) {
		start_timer(session);
	}
}

static void remember_peer(struct session *session, const struct hello *hello) {
	const char *host = PQhost(session->pg);
	const char *port = PQport(session->pg);
	bool socket = host != NULL && host[0] == '/';

	free(session->user);
	free(session->database);
	free(session->server);
	session->user = mem_text(hello->user);
	session->database = mem_text(hello->database);
	session->server =
	    socket ? mem_text(host) : mem_print("%s:%s", host == NULL ? "" : host, port == NULL ? "" : port);
	session->process = (struct server_process){hello->pid, hello->started};
	/* A pooler sends a process number of its own. */
	session->direct = PQbackendPID(session->pg) == hello->pid;
	session->prepared.is_pooled = !session->direct;
	session->history = (struct server_history){hello->system, hello->timeline, hello->place};
	session->confirms = hello->confirms;
	session->writes = hello->writes;
}

/* A standby that is between two records for a moment is not as old as its last transaction: it was whole
 * before. */
void session_saw(struct session *session, const struct pipeline *answer) {
	int64_t whole = answer->began - answer->behind;

	if (answer->place == 0) {
		return;
	}
	session->whole = session->whole > whole ? session->whole : whole;
	session->place = answer->place;
	session->behind = answer->began > session->whole ? answer->began - session->whole : 0;
}

static void greeted(struct session *session, struct err *err) {
	const struct hello *hello = err->code == ERR_NONE ? batch_row(session->hello, 0, 0) : NULL;

	if (err->code == ERR_SCHEMA_MISMATCH) {
		err_set(err, ERR_SCHEMA_MISMATCH, "the database has no schema of berth");
		err_hint(err, "run: berth migrate");
	}
	if (hello != NULL && hello->migrates) {
		err_set(err, ERR_UNAVAILABLE, "a migration of the schema from version %d is running",
		    (int)hello->schema);
		err_hint(err, "try again when it is done");
	}
	if (hello == NULL || hello->migrates || !migrate_fits(hello->schema, err)) {
		go_down(session, err);
		return;
	}
	remember_peer(session, hello);
	err_release(&session->trouble);
	backoff_reset(&session->backoff);
	session->whole = TIME_NONE;
	session_saw(session, &session->pipeline);
	batch_free(session->hello);
	session->hello = NULL;
	session->deadline = TIME_NONE;
	session->state = SESSION_UP;
	session_check_writable(session);
}

void session_check_writable(struct session *session) {
	if (!session->wants_primary || session_read_only(session) == NULL) {
		session->deadline = TIME_NONE;
		backoff_reset(&session->search);
	} else if (session->deadline == TIME_NONE) {
		session->deadline = clock_steady() + backoff_next(&session->search);
	}
}

static void continue_greeting(struct session *session) {
	struct err err = {0};

	switch (pipeline_step(&session->pipeline, session->pg, &err)) {
	case PIPELINE_LOST:
		session_lose(session, err.message);
		break;
	case PIPELINE_DONE:
		greeted(session, &err);
		break;
	case PIPELINE_GOES_ON:
		break;
	}
	err_release(&err);
}

/* An unsolicited result is the end of the session, also when it gives no reason. */
static void lose_on_result(struct session *session, PGresult *result) {
	char *why = mem_text(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));

	if (why == NULL) {
		why = mem_text("the server sent an unexpected message");
	}
	PQclear(result);
	session_lose(session, why);
	free(why);
}

static void read_unsolicited(struct session *session) {
	PGresult *result;

	if (PQconsumeInput(session->pg) != 1 || PQstatus(session->pg) == CONNECTION_BAD) {
		session_lose(session, NULL);
		return;
	}
	result = PQisBusy(session->pg) ? NULL : PQgetResult(session->pg);
	if (result != NULL) {
		lose_on_result(session, result);
	}
}

static void step_on_time(struct session *session, short revents) {
	if (clock_passed(session->deadline)) {
		host_timed_out(session);
	} else if (revents != 0 && session->state == SESSION_CONNECTING) {
		continue_connecting(session);
	} else if (revents != 0) {
		continue_greeting(session);
	}
}

void session_step(struct session *session, short revents) {
	switch (session->state) {
	case SESSION_DOWN:
		if (clock_passed(session->deadline)) {
			restart(session);
		}
		break;
	case SESSION_CONNECTING:
	case SESSION_GREETING:
		step_on_time(session, revents);
		break;
	case SESSION_UP:
		if (revents != 0) {
			read_unsolicited(session);
		} else if (clock_passed(session->deadline)) {
			hang_up(session);
			restart(session);
		}
		break;
	}
}

void session_take_notifies(struct session *session) {
	PGnotify *notify = session->state == SESSION_UP ? PQnotifies(session->pg) : NULL;

	for (; notify != NULL; notify = PQnotifies(session->pg)) {
		session->notified = true;
		PQfreemem(notify);
	}
}

short session_events(const struct session *session) {
	switch (session->state) {
	case SESSION_CONNECTING:
		return session->polling == PGRES_POLLING_READING ? POLLIN : POLLOUT;
	case SESSION_GREETING:
		return pipeline_events(&session->pipeline);
	case SESSION_DOWN:
	case SESSION_UP:
		break;
	}
	return POLLIN;
}
