/*
 * Creating and upgrading the schema: forward only, in one transaction, safe to run twice and by two processes
 * at once.
 *
 * It runs once, from the command line, so it may block.  The schema's version is the number of migrations
 * applied; routines (functions, views, grants) are replaced with every upgrade.
 */
#ifndef DB_SCHEMA_MIGRATE_H
#define DB_SCHEMA_MIGRATE_H

#include <stdbool.h>
#include <stdint.h>

#include "db/conn/conn.h"
#include "db/base/err.h"

enum migrate_mode { MIGRATE_APPLY, MIGRATE_DRY, MIGRATE_CHECK };

struct migration {
	int from;
	int to; /* this program's version */
	char *
	    members; /* of a new schema: berth roles that existed before, with their members; NULL for none */
};

void migration_release(struct migration *done);

/* Returns the name of the migration from `version` to the next. */
const char *migrate_name(int version);

/* Checks that the program works with a schema of that version. */
bool migrate_fits(int64_t version, struct err *err) __attribute__((warn_unused_result));

/* Brings the database to this program's version. MIGRATE_CHECK changes nothing and fails with
 * `schema_mismatch` when an upgrade is needed; a newer database is `schema_mismatch` in every mode. Objects
 * that someone else could have prepared are not adopted: `not_allowed` names them. `timeout` is in
 * microseconds, 0 for none. */
bool migrate(const struct conn_options *options, enum migrate_mode mode, int64_t timeout,
    struct migration *done, struct err *err) __attribute__((warn_unused_result));

#endif
