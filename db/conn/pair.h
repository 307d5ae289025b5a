/*
 * Two connections to one database, used as one: a primary for changes and a standby for reads.
 *
 * A reader never sees older data than before. After a change, and after a read of the primary, an answer of
 * the standby counts only when the standby has replayed the log up to that place; else the same batch is sent
 * to the primary, and the standby is left alone for a while. So nothing waits for the standby. One that
 * cannot be reached, or is of another cluster, is replaced by the primary. Only while the primary is away is
 * the standby read as it is: pair_trouble() says so.
 *
 * Without a standby a pair is the primary alone.
 */
#ifndef DB_CONN_PAIR_H
#define DB_CONN_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/backoff.h"
#include "db/base/err.h"

struct batch;
struct conn;
struct conn_options;

/* The purpose of a batch. */
enum pair_use {
	PAIR_READS,  /* may go to the standby */
	PAIR_LOOKS,  /* reads the primary, or tries a change there */
	PAIR_CHANGES /* later reads must see what it has done */
};

/* Invariants: `at` is NULL unless a connection runs the batch; `ended` only with a batch. */
struct pair {
	struct conn *primary; /* owned by the user of the pair */
	struct conn *standby; /* owned; NULL: none */
	struct batch *batch;  /* under way or ended, borrowed; NULL: none */
	enum pair_use use;    /* of the batch */
	int64_t deadline;
	struct conn *at;
	bool ended;
	struct err outcome;
	int64_t need;         /* place that an answer of the standby must have reached */
	bool changed;         /* since the last read of the primary: `need` is not known */
	int64_t avoid;        /* steady time until which the standby is not asked */
	struct backoff pause; /* between two such times */
	bool by_standby;      /* the last read was answered by the standby */
	bool older;           /* ... which may lack what was seen before */
};

/* Begins with a connection for changes, which is borrowed, and the options of the one for reads, NULL for
 * none.
 */
void pair_init(struct pair *p, struct conn *primary, const struct conn_options *standby);

/* Closes the connection for reads. */
void pair_release(struct pair *p);

/* Returns whether a batch for this use can be submitted. */
bool pair_is_ready(const struct pair *p, enum pair_use use);

/* As those of a connection; see db/conn/conn.h. One batch at a time. */
void pair_submit(struct pair *p, struct batch *b, enum pair_use use, int64_t deadline);
bool pair_done(const struct pair *p);
bool pair_take(struct pair *p, struct err *err) __attribute__((warn_unused_result));
void pair_cancel(struct pair *p);
bool pair_run(struct pair *p, struct batch *b, enum pair_use use, int64_t deadline, struct err *err)
    __attribute__((warn_unused_result));

/* Makes progress without waiting. The arguments are the results of poll() for the two connections. */
void pair_step(struct pair *p, short primary, short standby);
int64_t pair_deadline(const struct pair *p);

/* Notes a change that was made on another connection. */
void pair_changed(struct pair *p);

/* Returns the clock of the server that was read last. */
int64_t pair_now(const struct pair *p);

/* Returns the age of what the last read saw, in microseconds. */
int64_t pair_behind(const struct pair *p);

/* Returns why reads do not come from the standby, or why they may be old; NULL: nothing is wrong. */
const char *pair_trouble(const struct pair *p);

#endif
