#include "tests/bench/stage.h"

#include <libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/schema/migrate.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/syntax/range.h"
#include "tests/lib/database.h"

struct stage {
	struct database *database;
	struct conn *conn;
};

_Noreturn void stage_die(const char *what, const struct err *err) {
	(void)fprintf(stderr, "bench: %s: %s\n", what, err->message == NULL ? "?" : err->message);
	exit(1);
}

struct conn_options stage_options(const struct stage *s) {
	return (struct conn_options){.keywords = database_keywords(), .values = database_values(s->database)};
}

const char *stage_database(const struct stage *s) {
	return database_name(s->database);
}

static const char bare[] =
    "create schema bench;"
    "create table bench.lease (like berth.lease including all,"
    "	foreign key (pool) references berth.pool, foreign key (resource) references berth.resource);"
    "create table bench.label (like berth.label including all);";

struct stage *stage_new(void) {
	struct stage *s = mem_new(1, sizeof *s);
	struct conn_options options;
	struct migration done;
	struct err err = {0};

	s->database = database_new_empty();
	options = stage_options(s);
	if (!migrate(&options, MIGRATE_APPLY, 0, &done, &err)) {
		stage_die("migrate", &err);
	}
	migration_release(&done);
	stage_run(s, "%s", bare);
	s->conn = conn_new(&options);
	return s;
}

void stage_free(struct stage *s) {
	conn_free(s->conn);
	database_drop(s->database);
	free(s);
}

void stage_run_batch(struct stage *s, struct batch *b) {
	struct err err = {0};

	if (!conn_run(s->conn, b, TIME_NONE, &err)) {
		stage_die("preparing", &err);
	}
	batch_free(b);
}

void stage_run(struct stage *s, const char *format, ...) {
	struct buf sql = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&sql, format, args);
	va_end(args);
	database_run(s->database, buf_text(&sql));
	buf_release(&sql);
}

const char *stage_ask(struct stage *s, const char *format, ...) {
	struct buf sql = {0};
	const char *answer;
	va_list args;

	va_start(args, format);
	buf_vprintf(&sql, format, args);
	va_end(args);
	answer = database_ask(s->database, buf_text(&sql));
	buf_release(&sql);
	return answer;
}

void stage_check(struct stage *s) {
	const char *found = stage_ask(s, "select string_agg(name, ' ') from berth.doctor() where not ok");

	if (found[0] != '\0') {
		(void)fprintf(stderr, "bench: doctor finds: %s\n", found);
		exit(1);
	}
}

PGconn *stage_connect(const struct stage *s) {
	struct conn_options options = stage_options(s);
	PGconn *pg = PQconnectdbParams(options.keywords, options.values, 0);

	if (PQstatus(pg) != CONNECTION_OK) {
		(void)fprintf(stderr, "bench: %s", PQerrorMessage(pg));
		exit(1);
	}
	return pg;
}

void stage_expect(PGconn *pg, const char *sql, ExecStatusType status) {
	PGresult *result = PQexec(pg, sql);

	if (PQresultStatus(result) != status) {
		(void)fprintf(stderr, "bench: %s: %s", sql, PQerrorMessage(pg));
		exit(1);
	}
	PQclear(result);
}

double stage_resident_mb(pid_t pid) {
	char *path = mem_print("/proc/%d/statm", (int)pid);
	FILE *file = fopen(path, "r");
	char line[128] = "";
	int64_t pages = 0;
	char *from, *end;

	if (file == NULL || fgets(line, sizeof line, file) == NULL) {
		perror(path);
		exit(1);
	}
	(void)fclose(file);
	free(path);
	from = strchr(line, ' ') + 1;
	end = strchr(from, ' ');
	*end = '\0';
	if (!int_parse(from, 0, INT32_MAX, &pages)) {
		abort();
	}
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static enum kind kind_of(const char *name) {
	int kind = KIND_IPV4;

	while (strcmp(kind_names[kind], name) != 0) {
		kind++;
	}
	return (enum kind)kind;
}

static struct id id_of(const char *text) {
	struct id id;

	if (!id_parse(text, &id)) {
		abort();
	}
	return id;
}

struct stage_pool stage_pool_new(struct stage *s, const char *name, const char *kind, const char *range) {
	return stage_blocks_new(s, name, kind, range, NULL);
}

struct stage_pool stage_blocks_new(
    struct stage *s, const char *name, const char *kind, const char *range, const char *unit) {
	struct batch *b = batch_new(BATCH_WRITE);
	struct range parsed;
	struct err err = {0};

	if (!range_parse(range, kind_of(kind), &parsed, &err)) {
		stage_die(range, &err);
	}
	struct pool_new pool = {.id = id_new(),
	    .name = name,
	    .kind = kind_of(kind),
	    .space = name,
	    .warn = 80,
	    .crit = 90,
	    .ranges = &parsed,
	    .count = 1,
	    .unit = unit};
	pool_create_add(b, &pool, "{}");
	stage_run_batch(s, b);
	return (struct stage_pool){.name = name,
	    .pool = id_of(stage_ask(s, "select id from berth.pool where name = '%s'", name)),
	    .resource = id_of(stage_ask(s,
		"select r.id from berth.resource r join berth.pool p on p.id = r.pool where p.name = '%s'",
		name))};
}

struct id stage_allocate(struct stage *s, const struct stage_pool *pool, const char *project, int count) {
	struct allocate ask = {.id = id_new(),
	    .pool = pool->name,
	    .project = project,
	    .holder = "bench",
	    .until = TIME_NONE,
	    .detail = "{}",
	    .count = count};
	struct batch *b = batch_new(BATCH_WRITE);

	lease_allocate_add(b, &ask);
	stage_run_batch(s, b);
	return ask.id;
}
