/*
 * A user with a role who sends any SQL over a connection of their own.
 */
#ifndef TESTS_LIB_CALLER_H
#define TESTS_LIB_CALLER_H

#include "tests/lib/roles.h"

struct caller;

/* Connects. Statements time out after 10 s. */
struct caller *caller_new(struct roles *r, enum role role)
    __attribute__((returns_nonnull, warn_unused_result));
void caller_free(struct caller *c);

/* Runs a statement and rolls it back. Returns the SQLSTATE, "" for none; caller_said() returns the message.
 * Both are borrowed until the next call. */
const char *caller_try(struct caller *c, const char *sql) __attribute__((returns_nonnull));
const char *caller_said(const struct caller *c) __attribute__((returns_nonnull));

/* Also runs another statement before the rollback if the first one succeeds; caller_answer() returns its
 * first value. */
const char *caller_try_then(struct caller *c, const char *sql, const char *then)
    __attribute__((returns_nonnull));
const char *caller_answer(const struct caller *c) __attribute__((returns_nonnull));

/* Runs and commits a statement. Returns as caller_try(). */
const char *caller_send(struct caller *c, const char *sql) __attribute__((returns_nonnull));

/* Runs and commits a statement that must succeed. */
void caller_run(struct caller *c, const char *sql);

#endif
