/*
 * Creating and upgrading the schema: forward only, in one transaction, safe to
 * run twice and by two processes at once.
 *
 * This is done by people and installers, once, from the command line, so it is
 * the one part of db/ that waits for the server.  The version is the number of
 * migrations applied; routines (functions, views, grants) are made anew with
 * every change.
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
	int to;        /* this program's version */
	char *members; /* roles that were there before, with their members, of a new schema; NULL for none */
};

void migration_release(struct migration *done);

/* The name of the migration that leads from `version` to the next. */
const char *migrate_name(int version);

/* Whether a database of that version is what this program works with. */
bool migrate_fits(int64_t version, struct err *err) __attribute__((warn_unused_result));

/* Brings the database to this program's version. MIGRATE_CHECK changes nothing
 * and fails with `schema_mismatch` where something would have to be done; a
 * database that is newer than the program is `schema_mismatch` in every mode.
 * What somebody else could have prepared is not adopted: `not_allowed` names it.
 * `timeout` is in microseconds, 0 for none. */
bool migrate(const struct conn_options *options, enum migrate_mode mode, int64_t timeout,
    struct migration *done, struct err *err) __attribute__((warn_unused_result));

#endif
