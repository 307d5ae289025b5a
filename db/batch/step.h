/*
 * The inside of a batch: private to db/, shared by the batch and the connection
 * that runs it.
 */
#ifndef DB_BATCH_STEP_H
#define DB_BATCH_STEP_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/buf.h"
#include "db/batch/batch.h"
#include "gen/queries.h"

/* One argument as it will be sent: a stretch of the step's bytes, or null. */
struct param {
	bool null;
	size_t start;
	size_t len;
};

struct step {
	enum query query;
	char *name;
	int64_t line;
	const struct rule *rules;
	struct buf bytes;
	struct param *params; /* count, as many as the query has arguments */
	size_t count;
	bool named;       /* sent by the name of a prepared statement */
	bool fresh;       /* ... which is parsed in the same batch */
	bool parsing;     /* the next answer is that to the parsing of its statement */
	PGresult *result; /* owns the cells that the rows borrow from */
	char *rows;       /* n structs of the query's row type */
	size_t n;
};

struct batch {
	enum batch_mode mode;
	int64_t line; /* of the steps that come next */
	struct step *steps;
	size_t count;
	size_t room;
	struct batch *const *parts; /* whose rows it has, see db/batch/gather.h; borrowed */
	size_t part_count;
};

/* Sends a step down the pipeline: its statement, or the name of a prepared one. Returns false if libpq does
 * not take it. */
bool step_send(const struct step *step, PGconn *pg, const char *name) __attribute__((warn_unused_result));

/* Sends its statement to be parsed under a name; the same result. */
bool step_prepare(const struct step *step, PGconn *pg, const char *name) __attribute__((warn_unused_result));

/* Returns true, once, if the next answer is that to the parsing of the step's statement. Takes NULL. */
bool step_was_parsing(struct step *step);

/* Decodes an answer into the step's rows; takes the result in any case. */
bool step_answer(struct step *step, PGresult *result, struct err *err) __attribute__((warn_unused_result));

/* Forgets the answer, so that the step can be sent again. */
void step_reset(struct step *step);

/* Fills in the meaning of a failed result: the code that the step's rules give to the constraint, else that
 * of the SQLSTATE. `step` may be NULL. */
void step_failed(const struct step *step, const PGresult *result, const PGconn *pg, struct err *err);

/* Returns why libpq has given a connection up: the first line of its message, which is the reason; the other
 * lines are advice. The caller owns it. */
char *step_lost(const PGconn *pg) __attribute__((returns_nonnull, warn_unused_result));

/* Keeps libpq from printing the server's notices on the terminal, which is not ours. Only one of them is of
 * use: the warning that a commit no longer waits for the synchronous standby. Its text replaces *warning,
 * which the caller owns, unless `warning` is NULL. */
void step_hush(PGconn *pg, char **warning);

/* Returns whether the same transaction may be run again (40001, 40P01). */
bool step_may_retry(const PGresult *result);

#endif
