/*
 * Child processes of the harness: the program under test, whose output is kept, and PostgreSQL's programs,
 * which run as an unprivileged user.
 */
#ifndef TESTS_CHAOS_SPAWN_H
#define TESTS_CHAOS_SPAWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct pg_user;

struct spawn {
	pid_t pid; /* 0: it does not run */
	int out;   /* files that take its standard output and error; -1 for none */
	int said;
};

/* Starts a program and keeps its output. False with errno. */
bool spawn_start(struct spawn *p, const char *path, const char *const *argv, const char *input)
    __attribute__((warn_unused_result));

/* Returns the exit code of an ended process, or -1 for a signal, and its output, owned by the caller. */
int spawn_take(struct spawn *p, int status, char **out, char **said);

/* Starts a program as this user, with this environment, its output appended to the log. It gets the signal
 * `farewell` when the thread that started it ends. */
pid_t spawn_launch(const char *const *argv, const char *const *environment, const struct pg_user *user,
    int log, int farewell);

/* Runs a program to its end. Returns true when it ended with 0 in time (microseconds); else it is killed. */
bool spawn_run(const char *const *argv, const struct pg_user *user, int log, int64_t patience);

/* Waits for its end and reaps it; false when it still runs after that time (microseconds). */
bool spawn_await(pid_t pid, int64_t patience, int *status);

#endif
