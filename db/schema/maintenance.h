/*
 * Blocking execution of single statements, for the migration: private to db/.
 *
 * Unlike PQexec() it has a deadline, and it does not wait for the end of an unexpected COPY.
 */
#ifndef DB_SCHEMA_MAINTENANCE_H
#define DB_SCHEMA_MAINTENANCE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/base/err.h"

/* A maintenance session. It cannot be used after a statement without an answer. */
struct maintenance {
	PGconn *pg;
	int64_t deadline; /* steady time, or TIME_NONE */
	bool late;        /* it has passed */
	bool broken;      /* an unexpected answer has come */
};

/* Runs SQL. Returns the last result, or the first error; NULL without an answer. */
PGresult *maintenance_run(struct maintenance *s, const char *sql) __attribute__((warn_unused_result));

/* Returns true when the connection was lost, so that the outcome is unknown. */
bool maintenance_lost(const struct maintenance *s, const PGresult *result);

/* Fills err with the reason of a failed result. Returns false. */
bool maintenance_failed(const struct maintenance *s, const PGresult *result, struct err *err);

#endif
