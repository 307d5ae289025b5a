#include "tests/lib/caller.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "tests/lib/database.h"

struct caller {
	PGconn *pg;
	PGresult *answer;
	char state[6];
};

/* Runs a statement; ends the test when it fails. */
static void must(struct caller *c, const char *sql) {
	PGresult *answer = PQexec(c->pg, sql);

	if (PQresultStatus(answer) != PGRES_TUPLES_OK && PQresultStatus(answer) != PGRES_COMMAND_OK) {
		fail_msg("%.500s: %s", sql, PQerrorMessage(c->pg));
	}
	PQclear(answer);
}

static void ignore(void *arg, const PGresult *notice) {
	(void)arg;
	(void)notice;
}

struct caller *caller_new(struct roles *r, enum role role) {
	struct caller *c = mem_new(1, sizeof *c);

	c->pg = PQconnectdbParams(database_keywords(), database_as(r->database, r->logins[role]), 0);
	if (PQstatus(c->pg) != CONNECTION_OK) {
		fail_msg("%s", PQerrorMessage(c->pg));
	}
	PQsetNoticeReceiver(c->pg, ignore, NULL);
	must(c, "set statement_timeout = '600s'");
	return c;
}

void caller_free(struct caller *c) {
	PQclear(c->answer);
	PQfinish(c->pg);
	free(c);
}

const char *caller_send(struct caller *c, const char *sql) {
	const char *state;

	PQclear(c->answer);
	c->answer = PQexec(c->pg, sql);
	state = PQresultErrorField(c->answer, PG_DIAG_SQLSTATE);
	(void)snprintf(c->state, sizeof c->state, "%s", state == NULL ? "" : state);
	if (PQstatus(c->pg) != CONNECTION_OK) {
		fail_msg("%.500s: %s", sql, PQerrorMessage(c->pg));
	}
	return c->state;
}

const char *caller_try_then(struct caller *c, const char *sql, const char *then) {
	must(c, "begin");
	(void)caller_send(c, sql);
	if (c->state[0] == '\0') {
		PQclear(c->answer);
		c->answer = PQexec(c->pg, then);
		if (PQresultStatus(c->answer) != PGRES_TUPLES_OK) {
			fail_msg("%s: %s", then, PQerrorMessage(c->pg));
		}
	}
	must(c, "rollback");
	return c->state;
}

const char *caller_try(struct caller *c, const char *sql) {
	must(c, "begin");
	(void)caller_send(c, sql);
	must(c, "rollback");
	return c->state;
}

const char *caller_answer(const struct caller *c) {
	return PQntuples(c->answer) == 0 ? "" : PQgetvalue(c->answer, 0, 0);
}

const char *caller_said(const struct caller *c) {
	const char *message = PQresultErrorField(c->answer, PG_DIAG_MESSAGE_PRIMARY);

	return message == NULL ? "" : message;
}

void caller_run(struct caller *c, const char *sql) {
	must(c, sql);
}
