/*
 * The program, run by a test in C: as a process of its own, or here, over a
 * connection that the test has, which takes a tenth of the time.  Either way it
 * ends with an exit code and what it wrote.
 *
 *     struct program p = {0};
 *
 *     program_start(&p, argv);
 *     waitpid(p.pid, &status, 0);
 *     program_ended(&p, status);
 *     ... p.code, p.out, p.words ...
 *     program_release(&p);
 */
#ifndef TESTS_LIB_PROGRAM_H
#define TESTS_LIB_PROGRAM_H

#include <sys/types.h>

struct conn;

struct program {
	pid_t pid; /* 0: it does not run */
	int files[2];
	int code;    /* -1: it ended by a signal */
	char *out;   /* standard output */
	char *words; /* standard error */
};

/* Starts $BERTH; argv ends with NULL. */
void program_start(struct program *p, const char *const *argv);

/* It has ended, says waitpid(). */
void program_ended(struct program *p, int status);

/* Runs the command here. */
void program_here(struct program *p, const char *const *argv, struct conn *c);

/* Ends it, if it runs; forgets what it wrote. Takes an empty one. */
void program_release(struct program *p);

#endif
