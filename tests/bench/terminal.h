/*
 * A program in a terminal of 80 columns and 24 lines. Errors end the bench.
 */
#ifndef TESTS_BENCH_TERMINAL_H
#define TESTS_BENCH_TERMINAL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct buf;

#define TERMINAL_PATIENCE 10000000 /* most microseconds until something is painted */

struct terminal {
	pid_t pid;
	int fd;
};

/* Starts a program, looked for in the path of whoever runs the bench. */
struct terminal terminal_open(const char *const *argv);
void terminal_close(struct terminal *t);

/* Reads once, until the deadline. Returns the number of bytes. */
size_t terminal_hear(const struct terminal *t, int64_t deadline, struct buf *out);

/* Waits until the mark has been painted. */
void terminal_wait(const struct terminal *t, const char *mark);

/* Waits until nothing is painted for so many microseconds. Returns the number of bytes until then. */
size_t terminal_quiet(const struct terminal *t, int64_t quiet);

void terminal_press(const struct terminal *t, const char *key);

/* Returns the time that the program has computed for. */
double terminal_cpu_seconds(const struct terminal *t);

#endif
