/*
 * Somebody who has a role and sends whatever SQL they like, over a connection of
 * their own.
 */
#ifndef TESTS_LIB_CALLER_H
#define TESTS_LIB_CALLER_H

#include "tests/lib/roles.h"

struct caller;

/* Gives up a statement after 10 s. */
struct caller *caller_new(struct roles *r, enum role role)
    __attribute__((returns_nonnull, warn_unused_result));
void caller_free(struct caller *c);

/* Runs it and undoes it. Answers with the SQLSTATE, "" for none; caller_said() has the message, borrowed like
 * that until the next call. */
const char *caller_try(struct caller *c, const char *sql) __attribute__((returns_nonnull));
const char *caller_said(const struct caller *c) __attribute__((returns_nonnull));

/* The same, and if it succeeds another statement before it is undone: its first answer is caller_answer(). */
const char *caller_try_then(struct caller *c, const char *sql, const char *then)
    __attribute__((returns_nonnull));
const char *caller_answer(const struct caller *c) __attribute__((returns_nonnull));

/* Runs and keeps it. Answers like caller_try(). */
const char *caller_send(struct caller *c, const char *sql) __attribute__((returns_nonnull));

/* The same; it succeeds. */
void caller_run(struct caller *c, const char *sql);

#endif
