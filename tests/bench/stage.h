/*
 * The setting of a measurement: a database with berth's schema, a table like berth.lease for plain inserts,
 * and pools.
 *
 * Errors end the program.
 */
#ifndef TESTS_BENCH_STAGE_H
#define TESTS_BENCH_STAGE_H

#include <libpq-fe.h>
#include <stdint.h>
#include <sys/types.h>

#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "db/base/id.h"

struct stage;

/* A pool and its only resource. */
struct stage_pool {
	const char *name;
	struct id pool;
	struct id resource;
};

struct stage *stage_new(void) __attribute__((returns_nonnull, warn_unused_result));
void stage_free(struct stage *s); /* drops the database */

struct conn_options stage_options(const struct stage *s);

/* Returns the name of the database. */
const char *stage_database(const struct stage *s);

/* Creates an empty pool with one range ("1-1000", "fd00::/64"). */
struct stage_pool stage_pool_new(struct stage *s, const char *name, const char *kind, const char *range);

/* Creates one of blocks. */
struct stage_pool stage_blocks_new(
    struct stage *s, const char *name, const char *kind, const char *range, const char *unit);

/* Allocates count values (1 to 10,000) of the pool, for "org/name" or, with NULL, for no project.  Returns
 * the id of the request. */
struct id stage_allocate(struct stage *s, const struct stage_pool *pool, const char *project, int count);

/* Runs a batch and frees it; its rows are not needed. */
void stage_run_batch(struct stage *s, struct batch *b);

/* Runs any SQL. */
void stage_run(struct stage *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Runs SQL. Returns the first column of the first row, borrowed until the next call. */
const char *stage_ask(struct stage *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Checks that the measured operations were correct. */
void stage_check(struct stage *s);

/* Open a plain libpq connection, and run a statement on it that must have that status. */
PGconn *stage_connect(const struct stage *s) __attribute__((returns_nonnull, warn_unused_result));
void stage_expect(PGconn *pg, const char *sql, ExecStatusType status);

/* Returns the resident memory of a process in MB. */
double stage_resident_mb(pid_t pid);

_Noreturn void stage_die(const char *what, const struct err *err);

#endif
