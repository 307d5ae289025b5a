#include "tests/chaos/final_read.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "tests/chaos/final.h"
#include "tests/chaos/node.h"

/* A row of a result, read column by column. */
struct reader {
	const PGresult *answer;
	int row;
	int column;
};

static const char *next(struct reader *r) {
	return PQgetvalue(r->answer, r->row, r->column++);
}

static void read_text(struct reader *r, char *to, size_t room) {
	(void)snprintf(to, room, "%s", next(r));
}

static struct id read_id(struct reader *r) {
	struct id id = {0};

	return id_parse(next(r), &id) ? id : (struct id){0};
}

static int64_t read_number(struct reader *r) {
	return strtoll(next(r), NULL, 10);
}

static int64_t read_time(struct reader *r) {
	const char *text = next(r);

	return text[0] == '\0' ? TIME_NONE : strtoll(text, NULL, 10);
}

static bool read_flag(struct reader *r) {
	return next(r)[0] == 't';
}

#define MICROS(column) "(extract(epoch from " column ") * 1000000)::bigint"
#define SIDE(column)                                                                                         \
	column " is not null, " column "->>'state', " column "->>'value', " column "->>'labels', " column    \
	       "->>'cordoned', " column "->>'generation'"

static void read_lease(struct final *f, struct reader *r, size_t i) {
	struct lease_row *l = &f->leases[i];

	l->id = read_id(r);
	l->resource = read_id(r);
	read_text(r, l->pool, sizeof l->pool);
	read_text(r, l->value, sizeof l->value);
	read_text(r, l->state, sizeof l->state);
	l->seq = read_number(r);
	l->generation = read_number(r);
	l->acquired = read_time(r);
	l->destroyed = read_time(r);
}

static void read_resource(struct final *f, struct reader *r, size_t i) {
	struct resource_row *row = &f->resources[i];

	row->id = read_id(r);
	read_text(r, row->state, sizeof row->state);
	row->cordoned = read_flag(r);
	row->generation = read_number(r);
}

static void read_command(struct final *f, struct reader *r, size_t i) {
	struct command_row *c = &f->commands[i];

	c->id = read_id(r);
	c->target = read_id(r);
	c->parent = read_id(r);
	read_text(r, c->action, sizeof c->action);
	read_text(r, c->kind, sizeof c->kind);
	read_text(r, c->state, sizeof c->state);
	read_text(r, c->outcome, sizeof c->outcome);
	c->expected = read_number(r);
	c->epoch = read_number(r);
	c->bulk = read_flag(r);
}

static void read_side(struct reader *r, struct side *side) {
	const char *cordoned;

	side->there = read_flag(r);
	read_text(r, side->state, sizeof side->state);
	read_text(r, side->value, sizeof side->value);
	read_text(r, side->labels, sizeof side->labels);
	cordoned = next(r);
	side->cordoned = cordoned[0] == '\0' ? -1 : cordoned[0] == 't';
	side->generation = read_number(r);
}

static void read_event(struct final *f, struct reader *r, size_t i) {
	struct event_row *e = &f->events[i];

	e->seq = read_number(r);
	e->target = read_id(r);
	e->command = read_id(r);
	read_text(r, e->kind, sizeof e->kind);
	read_text(r, e->action, sizeof e->action);
	read_side(r, &e->before);
	read_side(r, &e->after);
}

static void read_request(struct final *f, struct reader *r, size_t i) {
	f->requests[i] = read_id(r);
}

/* Reads all rows of a query into a new array. */
static bool read_rows(struct final *f, PGconn *session, const char *sql, void *array, size_t size,
    size_t *count, void (*read)(struct final *, struct reader *, size_t)) {
	PGresult *answer = PQexec(session, sql);
	bool ok = PQresultStatus(answer) == PGRES_TUPLES_OK;

	if (ok) {
		void *rows = mem_new((size_t)PQntuples(answer), size);

		*count = (size_t)PQntuples(answer);
		memcpy(array, &rows, sizeof rows);
		for (int i = 0; i < PQntuples(answer); i++) {
			struct reader r = {answer, i, 0};

			read(f, &r, (size_t)i);
		}
	} else {
		(void)fprintf(stderr, "chaos: %s", PQerrorMessage(session));
	}
	PQclear(answer);
	return ok;
}

bool final_read(struct final *f, const struct node *s) {
	PGconn *session = node_connect(s);
	bool ok = session != NULL &&
		  read_rows(f, session,
		      "select l.id, l.resource, p.name, l.value, l.state, l.seq, l.generation, " MICROS(
			  "l.acquired") ", " MICROS("l.destroyed") " from berth.lease l join berth.pool p on "
								   "p.id = l.pool",
		      &f->leases, sizeof *f->leases, &f->lease_count, read_lease) &&
		  read_rows(f, session, "select id, state, cordoned, generation from berth.resource",
		      &f->resources, sizeof *f->resources, &f->resource_count, read_resource) &&
		  read_rows(f, session,
		      "select id, target, parent, action, kind, state, outcome, expect_generation, epoch, "
		      "total is not null"
		      " from berth.command",
		      &f->commands, sizeof *f->commands, &f->command_count, read_command) &&
		  read_rows(f, session,
		      "select seq, target, command, kind, action, " SIDE("before") ", " SIDE(
			  "after") " from berth.event",
		      &f->events, sizeof *f->events, &f->event_count, read_event) &&
		  read_rows(f, session, "select id from berth.request", &f->requests, sizeof *f->requests,
		      &f->request_count, read_request);

	PQfinish(session);
	final_sort(f);
	return ok;
}
