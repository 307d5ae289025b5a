/*
 * Where most tests in tests/sql/ take place: a database of their own and a
 * connection to it.
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

/* For cmocka, as the set-up that needs nothing more and as the end of all:
 * what the tests have left is sound. */
int place_open(void **state);
int place_close(void **state);

#endif
