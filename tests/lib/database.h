/*
 * Databases for the tests in tests/sql/, on the server of tests/run.
 *
 * Each is a copy of one that `berth migrate` made at the start of the run, which takes milliseconds. A
 * failure here ends the test program with the reason.
 */
#ifndef TESTS_LIB_DATABASE_H
#define TESTS_LIB_DATABASE_H

struct database;

/* Creates a migrated database. */
struct database *database_new(void) __attribute__((returns_nonnull, warn_unused_result));

/* Copies a database, with its statistics. Ends its open session. */
struct database *database_copy(struct database *d) __attribute__((returns_nonnull, warn_unused_result));

/* Creates a database without berth's schema. */
struct database *database_new_empty(void) __attribute__((returns_nonnull, warn_unused_result));

/* Ends the sessions of a database and drops it; takes NULL. */
void database_drop(struct database *d);

/* Runs SQL in the maintenance database. Ends the test when it fails. */
void database_run_beside(const char *sql);

/* Return keywords and values for struct conn_options, ended by NULL; borrowed. Those of database_as() are for
 * another user, until its next call. */
const char *const *database_keywords(void) __attribute__((returns_nonnull));
const char *const *database_values(const struct database *d) __attribute__((returns_nonnull));
const char *const *database_as(struct database *d, const char *user) __attribute__((returns_nonnull));

const char *database_name(const struct database *d) __attribute__((returns_nonnull));

/* Runs any SQL as superuser, in a session that stays open. */
void database_run(struct database *d, const char *sql);

/* Runs SQL and returns the first column of the first row, "" for NULL or none; borrowed until the next call.
 */
const char *database_ask(struct database *d, const char *sql) __attribute__((returns_nonnull));

/* Returns the server's version, such as 150000. */
int database_version(struct database *d);

#endif
