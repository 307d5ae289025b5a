/*
 * The fixture of most tests in tests/sql/: a database and a connection to it.
 */
#ifndef TESTS_LIB_PLACE_H
#define TESTS_LIB_PLACE_H

struct conn;
struct database;

struct place {
	struct database *database;
	struct conn *conn;
};

struct place *place_new(void) __attribute__((returns_nonnull, warn_unused_result));

/* For cmocka: set-up, and tear-down, which checks that the database is sound. */
int place_open(void **state);
int place_close(void **state);

#endif
