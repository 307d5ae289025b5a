/*
 * What the measurements stand on: a database of their own with berth's schema,
 * a table like berth.lease that nothing but plain inserts write, and pools.
 *
 * What goes wrong ends the program with the reason.
 */
#ifndef TESTS_BENCH_STAGE_H
#define TESTS_BENCH_STAGE_H

#include <libpq-fe.h>
#include <stdint.h>
#include <sys/types.h>

#include "db/batch.h"
#include "db/conn.h"
#include "db/err.h"
#include "db/id.h"

struct stage;

/* A pool, and the one resource it has. */
struct stage_pool {
	const char *name;
	struct id pool;
	struct id resource;
};

struct stage *stage_new(void) __attribute__((returns_nonnull, warn_unused_result));
void stage_free(struct stage *s); /* drops the database */

struct conn_options stage_options(const struct stage *s);

/* The database's name, and whose server it is on. */
const char *stage_database(const struct stage *s);

/* A pool with one range ("1-1000", "fd00::/64"), from which nothing is taken. */
struct stage_pool stage_pool_new(struct stage *s, const char *name, const char *kind, const char *range);

/* Allocates count values (1 to 10,000) of the pool, for "org/name" or, with NULL, for no project.  Returns
 * the id that was asked with. */
struct id stage_allocate(struct stage *s, const struct stage_pool *pool, const char *project, int count);

/* Runs a batch and frees it; the rows of its first step are nobody's concern. */
void stage_run_batch(struct stage *s, struct batch *b);

/* Any SQL. */
void stage_run(struct stage *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Any SQL; the first column of the first row, borrowed until the next call. */
const char *stage_ask(struct stage *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What was measured must have been right, too. */
void stage_check(struct stage *s);

/* A connection beside those of db/, for what db/ does not do; and a statement on it that must end so. */
PGconn *stage_connect(const struct stage *s) __attribute__((returns_nonnull, warn_unused_result));
void stage_expect(PGconn *pg, const char *sql, ExecStatusType status);

/* The resident memory of a process, in MB. */
double stage_resident_mb(pid_t pid);

_Noreturn void stage_die(const char *what, const struct err *err);

#endif
