/*
 * A batch: steps that are sent together, run in one transaction, and answered in
 * one round trip.
 *
 * The model composes batches: its functions *add* steps and execute nothing, so
 * that any operation can be a part of any other.  db/conn/conn.h runs them.  All
 * steps happen or none does.  When a step fails the error has its name, the
 * SQLSTATE and the constraint, and the code that this step gives to that
 * constraint: the same unique violation can be the user's fault in one step and a
 * defect of berth in another.
 *
 * A step is a named query of db/sql/ with its arguments.  gen/queries.h has a
 * function for each query that adds it; there is no other way to send SQL.  A
 * statement that cannot run in a transaction, as CREATE INDEX CONCURRENTLY, is no
 * exception: the server composes it as the answer of the one step of a BATCH_ALONE,
 * and it is then sent by itself.
 */
#ifndef DB_BATCH_BATCH_H
#define DB_BATCH_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "db/base/err.h"
#include "db/batch/rows.h"

struct batch;

enum batch_mode {
	BATCH_WRITE,
	BATCH_READ, /* in a read-only transaction */
	BATCH_DRY,  /* executes, answers, and rolls back */
	BATCH_ALONE /* one step of a row_composed_statement, then the statement in its answer, if any */
};

struct batch *batch_new(enum batch_mode mode) __attribute__((returns_nonnull));

/* Frees the batch with all its answers; takes NULL. */
void batch_free(struct batch *b);

/* The meaning of a violated constraint in one step; or that of a refusal by the server, named by its code
 * ("id_conflict"), which then keeps its message. A list of rules ends with a NULL constraint. */
struct rule {
	const char *constraint;
	enum err_code code;
	const char *message;
};

/* Name a step, to tell it from the others of its command, and give it rules, which are borrowed. Both return
 * the step, so that they can be wrapped around the function that adds it. */
size_t batch_name(struct batch *b, size_t step, const char *name);
size_t batch_rules(struct batch *b, size_t step, const struct rule *rules);

/* Sets the line of a file that the steps added from now on come from; 0 for none. */
void batch_line(struct batch *b, int64_t line);

size_t batch_steps(const struct batch *b);

/* Return the answer of a step once the batch has succeeded: the number of rows, and each of them, a struct of
 * the query's row type that is valid until batch_free(). */
size_t batch_count(const struct batch *b, size_t step);
const void *batch_row(const struct batch *b, size_t step, size_t row) __attribute__((returns_nonnull));

#endif
