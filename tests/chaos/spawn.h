/*
 * Programs that the harness runs: the program under test, whose answer is
 * wanted, and PostgreSQL's, which belong to an unprivileged user.
 *
 * The harness has threads, so that the new process calls nothing between fork()
 * and exec() that may not be called there.
 */
#ifndef TESTS_CHAOS_SPAWN_H
#define TESTS_CHAOS_SPAWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct pg_user;

struct spawn {
	pid_t pid; /* 0: it does not run */
	int out;   /* files of ours that take what it writes; -1 for none */
	int said;
};

/* Starts a program and keeps what it writes. False with errno. */
bool spawn_start(struct spawn *p, const char *path, const char *const *argv, const char *input)
    __attribute__((warn_unused_result));

/* The process has ended with this status: its exit code, or -1 for a signal; the texts are the caller's. */
int spawn_take(struct spawn *p, int status, char **out, char **said);

/* Starts a program of this user, with these variables alone, what it writes at the end of the log. When the
 * thread that started it ends, it gets the signal `farewell`. */
pid_t spawn_launch(const char *const *argv, const char *const *environment, const struct pg_user *user,
    int log, int farewell);

/* Runs one to its end: whether it ended with 0, in time. Else it is killed. */
bool spawn_run(const char *const *argv, const struct pg_user *user, int log, int64_t patience);

/* Waits until it has ended and is buried; false: it has not in time (microseconds), and still runs. */
bool spawn_await(pid_t pid, int64_t patience, int *status);

#endif
