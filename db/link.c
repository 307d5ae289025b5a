#include "db/link.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>

#include "db/clock.h"
#include "db/mem.h"
#include "db/schema.h"
#include "db/step.h"

enum { DELAY_FIRST = 250000, DELAY_LAST = 8000000, CONNECT_TIME = 5000000 /* microseconds */ };

void link_init(struct link *link, const struct conn_options *options) {
	size_t n = 0;

	*link = (struct link){.state = LINK_DOWN, .deadline = clock_steady()};
	for (; options->keywords[n] != NULL; n++) {
		assert(n + 1 < LINK_PAIRS);
		link->keywords[n] = mem_text(options->keywords[n]);
		link->values[n] = mem_text(options->values[n]);
	}
	backoff_init(&link->backoff, DELAY_FIRST, DELAY_LAST);
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

/* libpq would print them: nobody asked, and the terminal is not ours. */
static void drop_notice(void *arg, const PGresult *result) {
	(void)arg;
	(void)result;
}

static void start_connecting(struct link *link) {
	const char *const *keywords = (const char *const *)link->keywords;
	const char *const *values = (const char *const *)link->values;

	link->pg = PQconnectStartParams(keywords, values, 1);
	if (link->pg == NULL) {
		abort();
	}
	PQsetNoticeReceiver(link->pg, drop_notice, NULL);
	link->state = LINK_CONNECTING;
	link->polling = PGRES_POLLING_WRITING;
	link->deadline = clock_steady() + CONNECT_TIME;
	if (PQstatus(link->pg) == CONNECTION_BAD) {
		link_lose(link, NULL);
	}
}

static void greet(struct link *link) {
	if (PQsetnonblocking(link->pg, 1) != 0 || PQenterPipelineMode(link->pg) != 1) {
		link_lose(link, NULL);
		return;
	}
	link->state = LINK_GREETING;
	link->hello = batch_new(BATCH_READ);
	batch_add(link->hello, NULL, QUERY_HELLO, NULL, 0, NULL);
	if (!exchange_start(&link->exchange, link->pg, link->hello, false)) {
		link_lose(link, NULL);
	}
}

static void continue_connecting(struct link *link) {
	link->polling = PQconnectPoll(link->pg);
	if (link->polling == PGRES_POLLING_FAILED) {
		link_lose(link, NULL);
	} else if (link->polling == PGRES_POLLING_OK) {
		greet(link);
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
}

static bool schema_fits(int64_t version, struct err *err) {
	if (version == schema_version) {
		return true;
	}
	err_set(err, ERR_SCHEMA_MISMATCH, "the database has schema version %d, this berth needs %d",
	    (int)version, schema_version);
	return version < schema_version ? err_hint(err, "run: berth migrate")
					: err_hint(err, "use the newer berth that made it");
}

static void greeted(struct link *link, struct err *err) {
	const struct hello *hello = err->code == ERR_NONE ? batch_row(link->hello, 0, 0) : NULL;

	if (err->code == ERR_SCHEMA_MISMATCH) {
		err_set(err, ERR_SCHEMA_MISMATCH, "the database has no schema of berth");
		err_hint(err, "run: berth migrate");
	}
	if (hello == NULL || !schema_fits(hello->schema, err)) {
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
}

static void continue_greeting(struct link *link) {
	struct err err = {0};

	switch (exchange_step(&link->exchange, link->pg, &err)) {
	case EXCHANGE_LOST:
		link_lose(link, NULL);
		break;
	case EXCHANGE_DONE:
		greeted(link, &err);
		break;
	case EXCHANGE_GOES_ON:
		break;
	}
	err_release(&err);
}

static void hear_unasked(struct link *link) {
	if (PQconsumeInput(link->pg) != 1 || PQstatus(link->pg) == CONNECTION_BAD) {
		link_lose(link, NULL);
		return;
	}
	while (!PQisBusy(link->pg)) {
		PGresult *result = PQgetResult(link->pg);

		if (result == NULL) {
			break;
		}
		if (PQresultStatus(result) == PGRES_FATAL_ERROR) {
			char *why = mem_text(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));

			PQclear(result);
			link_lose(link, why);
			free(why);
			return;
		}
		PQclear(result);
	}
}

static void step_on_time(struct link *link, short revents) {
	if (clock_steady() >= link->deadline) {
		link_lose(link, "the server did not answer in time");
	} else if (revents != 0 && link->state == LINK_CONNECTING) {
		continue_connecting(link);
	} else if (revents != 0) {
		continue_greeting(link);
	}
}

void link_step(struct link *link, short revents) {
	switch (link->state) {
	case LINK_DOWN:
		if (clock_steady() >= link->deadline) {
			start_connecting(link);
		}
		break;
	case LINK_CONNECTING:
	case LINK_GREETING:
		step_on_time(link, revents);
		break;
	case LINK_UP:
		if (revents != 0) {
			hear_unasked(link);
		}
		break;
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
