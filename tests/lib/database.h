/*
 * Databases for the tests in tests/sql/, on the server of tests/run.
 *
 * Each is a copy of one that `berth migrate` has made at the start of the run,
 * which takes milliseconds.  Whatever goes wrong here ends the test's program
 * with the reason: a test without its database has nothing to say.
 */
#ifndef TESTS_LIB_DATABASE_H
#define TESTS_LIB_DATABASE_H

struct database;

/* A fresh one, migrated. */
struct database *database_new(void) __attribute__((returns_nonnull, warn_unused_result));

/* One with all that is in it, also the statistics. Its own session ends for that. */
struct database *database_copy(struct database *d) __attribute__((returns_nonnull, warn_unused_result));

/* A fresh one without berth's schema. */
struct database *database_new_empty(void) __attribute__((returns_nonnull, warn_unused_result));

/* Ends its sessions and drops it; takes NULL. */
void database_drop(struct database *d);

/* For struct conn_options: keywords and values, the last one NULL. Borrowed;
 * database_as() gives those of another user until its next call. */
const char *const *database_keywords(void) __attribute__((returns_nonnull));
const char *const *database_values(const struct database *d) __attribute__((returns_nonnull));
const char *const *database_as(struct database *d, const char *user) __attribute__((returns_nonnull));

const char *database_name(const struct database *d) __attribute__((returns_nonnull));

/* Runs any SQL, as superuser, in a session that stays open between the calls. */
void database_run(struct database *d, const char *sql);

/* The same; answers the first column of the first row, "" for NULL or none.
 * Borrowed until the next call. */
const char *database_ask(struct database *d, const char *sql) __attribute__((returns_nonnull));

/* The server: 150000 and so on. */
int database_version(struct database *d);

#endif
