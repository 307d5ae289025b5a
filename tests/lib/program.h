/*
 * Runs the program in a C test: as a process, or in this process over the test's connection, which is ten
 * times faster.  The result is an exit code and the output.
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
	int code;    /* -1: ended by a signal */
	char *out;   /* standard output */
	char *words; /* standard error */
};

/* Starts $BERTH; argv is ended by NULL. */
void program_start(struct program *p, const char *const *argv);

/* Takes its output after waitpid(). */
void program_ended(struct program *p, int status);

/* Runs the command in this process. */
void program_here(struct program *p, const char *const *argv, struct conn *c);

/* Ends it, if it runs, and frees its output. */
void program_release(struct program *p);

#endif
