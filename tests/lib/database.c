#include "tests/lib/database.h"

#include <libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/base/id.h"
#include "db/base/mem.h"

enum { HOST, USER, DATABASE, VALUES };

#define SUPERUSER "postgres"

struct database {
	char *name;
	const char *values[VALUES + 1];
	const char *other[VALUES + 1]; /* last result of database_as() */
	PGconn *session;
	PGresult *answer;
};

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...) {
	va_list args;

	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputc('\n', stderr);
	exit(2);
}

static const char *setting(const char *name) {
	const char *value = getenv(name);

	if (value == NULL) {
		die("%s is not set: run me with tests/run", name);
	}
	return value;
}

const char *const *database_keywords(void) {
	static const char *const keywords[] = {"host", "user", "dbname", NULL};

	return keywords;
}

static PGconn *connect_to(const char *const *values) {
	PGconn *session = PQconnectdbParams(database_keywords(), values, 0);

	if (PQstatus(session) != CONNECTION_OK) {
		die("%s", PQerrorMessage(session));
	}
	return session;
}

static PGresult *execute(PGconn *session, const char *sql) {
	PGresult *answer = PQexec(session, sql);
	ExecStatusType status = PQresultStatus(answer);

	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
		die("%s: %s", sql, PQerrorMessage(session));
	}
	return answer;
}

void database_run_beside(const char *sql) {
	const char *const values[] = {setting("BERTH_TEST_HOST"), SUPERUSER, "postgres", NULL};
	PGconn *session = connect_to(values);

	PQclear(execute(session, sql));
	PQfinish(session);
}

static struct database *make(const char *template) {
	struct database *d = mem_new(1, sizeof *d);
	char id[ID_TEXT];
	char *sql;

	d->name = mem_print("test %s", id_text(id_new(), id));
	sql = mem_print("create database \"%s\" template \"%s\"", d->name, template);
	database_run_beside(sql);
	free(sql);
	d->values[HOST] = setting("BERTH_TEST_HOST");
	d->values[USER] = SUPERUSER;
	d->values[DATABASE] = d->name;
	return d;
}

struct database *database_new(void) {
	return make(setting("BERTH_TEST_TEMPLATE"));
}

struct database *database_new_empty(void) {
	return make("template0");
}

struct database *database_copy(struct database *d) {
	PQfinish(d->session);
	d->session = NULL;
	return make(d->name);
}

void database_drop(struct database *d) {
	char *sql;

	if (d == NULL) {
		return;
	}
	PQclear(d->answer);
	PQfinish(d->session);
	sql = mem_print("drop database \"%s\" with (force)", d->name);
	database_run_beside(sql);
	free(sql);
	free(d->name);
	free(d);
}

const char *const *database_values(const struct database *d) {
	return d->values;
}

const char *const *database_as(struct database *d, const char *user) {
	d->other[HOST] = d->values[HOST];
	d->other[USER] = user;
	d->other[DATABASE] = d->name;
	return d->other;
}

const char *database_name(const struct database *d) {
	return d->name;
}

static PGconn *session_of(struct database *d) {
	if (d->session == NULL) {
		d->session = connect_to(d->values);
	}
	return d->session;
}

void database_run(struct database *d, const char *sql) {
	PQclear(d->answer);
	d->answer = execute(session_of(d), sql);
}

const char *database_ask(struct database *d, const char *sql) {
	database_run(d, sql);
	return PQntuples(d->answer) == 0 ? "" : PQgetvalue(d->answer, 0, 0);
}

int database_version(struct database *d) {
	return PQserverVersion(session_of(d));
}
