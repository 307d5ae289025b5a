/*
 * A batch: named steps, sent in one go, run in one transaction, answered in one
 * round trip.
 *
 * The model composes batches: its functions *add* steps and execute nothing, so
 * that any operation can be a part of any other.  db/conn/conn.h runs them.  All
 * steps happen or none does.  When one fails the error names the step, the
 * SQLSTATE and the constraint, and has the code that this step declared for
 * that constraint: the same unique violation can be the user's fault in one
 * step and a defect of ours in another.
 *
 * A step is a named query of db/sql/ and its arguments.  There is no other way
 * to send SQL.  What cannot be in a transaction, as CREATE INDEX CONCURRENTLY, is
 * no other way either: the one step of a BATCH_ALONE answers with a statement that
 * the server has composed, and that is sent by itself.
 */
#ifndef DB_BATCH_BATCH_H
#define DB_BATCH_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/err.h"
#include "db/base/id.h"
#include "db/base/num.h"
#include "db/batch/rows.h"
#include "gen/queries.h"

struct batch;

/* An argument, by value; texts are copied when the step is added. */
struct arg {
	enum field_type type;
	bool null;
	union {
		bool flag;
		int64_t number; /* FIELD_INT, and FIELD_TIME in microseconds */
		double real;
		const char *text; /* FIELD_TEXT, FIELD_JSON */
		struct id id;
		u128 value;
	} u;
};

struct arg arg_bool(bool flag);
struct arg arg_int(int64_t number);
struct arg arg_text(const char *text); /* NULL for null */
struct arg arg_word(const char *text); /* NULL and "" for null */
struct arg arg_json(const char *text); /* NULL for null */
struct arg arg_id(struct id id);       /* nil for null */
struct arg arg_time(int64_t time);     /* TIME_NONE for null, TIME_NEVER for infinity */
struct arg arg_value(u128 value);
struct arg arg_null(enum field_type type);

/* What breaking a constraint means in this step; or what it means that the server refuses it with that code,
 * by the code's name ("id_conflict"), whose words then stay. The list ends with a NULL name. */
struct rule {
	const char *constraint;
	enum err_code code;
	const char *message;
};

enum batch_mode {
	BATCH_WRITE,
	BATCH_READ, /* in a read-only transaction */
	BATCH_DRY,  /* executes, answers, and rolls back */
	BATCH_ALONE /* one step of a row_dedupe_statement, then what that says, if anything */
};

struct batch *batch_new(enum batch_mode mode) __attribute__((returns_nonnull));
void batch_free(struct batch *b); /* and every row it answered; takes NULL */

/* Adds a step. `name` tells it from the other steps of its command, or is NULL
 * where there is only one. The arguments must be of the types that the query
 * declares. `rules` is static, or NULL. Returns the step's index, from 0. */
size_t batch_add(struct batch *b, const char *name, enum query query, const struct arg *args, size_t count,
    const struct rule *rules);

/* Steps added from now on come from this line of a file (0: none). */
void batch_line(struct batch *b, int64_t line);

size_t batch_steps(const struct batch *b);

/* The answer of a step, once the batch has succeeded: count rows, each a struct
 * of the query's row type, valid until batch_free(). */
size_t batch_count(const struct batch *b, size_t step);
const void *batch_row(const struct batch *b, size_t step, size_t row) __attribute__((returns_nonnull));

#endif
