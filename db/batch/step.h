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

#include "db/batch/batch.h"
#include "db/base/buf.h"

/* One argument as it will be sent: a stretch of the step's bytes, or null. */
struct param {
	unsigned type;
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
	struct param *params;
	size_t count;
	PGresult *result; /* the cells that the rows borrow from */
	char *rows;       /* n structs of the query's row type */
	size_t n;
};

struct batch {
	enum batch_mode mode;
	int64_t line; /* of the steps that come next */
	struct step *steps;
	size_t count;
	size_t room;
};

/* Sends a step down the pipeline. False when libpq would not take it. */
bool step_send(const struct step *step, PGconn *pg) __attribute__((warn_unused_result));

/* Decodes an answer into the step's rows; takes the result in any case. */
bool step_answer(struct step *step, PGresult *result, struct err *err) __attribute__((warn_unused_result));

/* Forgets the answer, so that the step can be sent again. */
void step_reset(struct step *step);

/* What a failed result means, classified once: the code that the step declared
 * for the constraint, else that of the SQLSTATE. `step` may be NULL. */
void step_failed(const struct step *step, const PGresult *result, const PGconn *pg, struct err *err);

/* Why libpq has given a connection up: the first line of what it says, which is
 * the reason; the others are advice and what followed. Owned by the caller. */
char *step_lost(const PGconn *pg) __attribute__((returns_nonnull, warn_unused_result));

/* libpq would print what the server says unasked, and the terminal is not ours. Nobody wants it but the one
 * warning that a commit waits for the synchronous standby no longer: its text replaces *warning, which the
 * caller owns; NULL: not wanted either. */
void step_hush(PGconn *pg, char **warning);

/* Whether the whole transaction may be run again just so (40001, 40P01). */
bool step_may_retry(const PGresult *result);

#endif
