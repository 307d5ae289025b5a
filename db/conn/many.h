/*
 * The same question to many databases at once: a connection and a batch for each, run in parallel.
 *
 * Each part ends by itself, with its rows or with an error of its own, so that one database that does not
 * answer takes nothing from the others. For reads only: a part is sent once, and its outcome is never
 * unknown.
 */
#ifndef DB_CONN_MANY_H
#define DB_CONN_MANY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/err.h"

struct batch;
struct conn;
struct pollfd;

/* One of the databases. The connection and the batch are borrowed. */
struct many_part {
	struct conn *conn;
	struct batch *batch;
	int64_t first_try; /* steady time of the try to connect that was due at the start */
	bool sent;
	bool ended;
	bool ok;        /* the batch has its rows */
	struct err err; /* why it has none */
};

struct many {
	struct many_part *parts; /* owned by the caller */
	size_t count;
	int64_t patience; /* steady time until which parts wait for their connection */
	int64_t deadline;
};

/* Begins, once each part has its connection and its batch. */
void many_start(struct many *m, int64_t patience, int64_t deadline);

/* Fill `count` entries for poll(), and make progress afterwards; the connections are stepped also before the
 * start and after the end. */
void many_poll(const struct many *m, struct pollfd *fds);
void many_step(struct many *m, const struct pollfd *fds);
int64_t many_deadline(const struct many *m);

/* Returns whether all parts have ended. */
bool many_done(const struct many *m);

/* Runs them to their end. */
void many_run(struct many *m, int64_t deadline);

#endif
