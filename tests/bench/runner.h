/*
 * Runs a worker, the real program, during a measurement.
 */
#ifndef TESTS_BENCH_RUNNER_H
#define TESTS_BENCH_RUNNER_H

#include <sys/types.h>

struct stage;

/* Starts a worker named "bench", with chunks of 500. */
pid_t runner_start(const struct stage *s, const char *berth);
void runner_stop(pid_t pid); /* it must end with 0 */

/* Stop and continue it. Its last statement may still end on the server. */
void runner_pause(pid_t pid);
void runner_resume(pid_t pid);

#endif
