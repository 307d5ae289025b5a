/*
 * A worker beside what is measured: the real program.
 */
#ifndef TESTS_BENCH_RUNNER_H
#define TESTS_BENCH_RUNNER_H

#include <sys/types.h>

struct stage;

/* Named "bench", with chunks of 500. */
pid_t runner_start(const struct stage *s, const char *berth);
void runner_stop(pid_t pid); /* and it ends well */

/* Between them it does nothing. Its server may be at the end of a statement. */
void runner_pause(pid_t pid);
void runner_resume(pid_t pid);

#endif
