/*
 * Statements one after the other, each waited for: private to db/, for the migration.
 *
 * libpq would wait for ever for a server that says nothing, and would wait out a copy that nobody has asked
 * for.
 */
#ifndef DB_SCHEMA_MAINTENANCE_H
#define DB_SCHEMA_MAINTENANCE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "db/base/err.h"

/* Once one has found no answer the connection is of no use any more. */
struct maintenance {
	PGconn *pg;
	int64_t deadline; /* steady time, or TIME_NONE */
	bool late;        /* it has passed */
	bool broken;      /* an answer came that is none */
};

/* Sends SQL, and waits. Returns the last result, or the first that is an error; NULL without an answer. */
PGresult *maintenance_run(struct maintenance *s, const char *sql) __attribute__((warn_unused_result));

/* Whether that result is missing because nobody knows what the server has done. */
bool maintenance_lost(const struct maintenance *s, const PGresult *result);

/* Fills err with why a result is not what was wanted. Returns false. */
bool maintenance_failed(const struct maintenance *s, const PGresult *result, struct err *err);

#endif
