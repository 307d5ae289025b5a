/*
 * Load: many clients in one process, each with one request under way.
 *
 * A thing and its baseline are sent by the same code: a step of a batch over
 * db/conn/conn.h, a transaction each, over the same connections.  The machine is
 * shared and its speed changes from second to second, so the two take turns in
 * short slices, and what counts is the median of the ratios of neighbours.
 *
 * A bench has nobody to give an error to: what goes wrong ends the program.
 */
#ifndef TESTS_BENCH_LOAD_H
#define TESTS_BENCH_LOAD_H

#include <stddef.h>
#include <stdint.h>

struct batch;
struct load;
struct stage;

/* Adds the next request of its kind to a batch. */
struct work {
	void (*add)(struct batch *b, void *context);
	void *context;
	void (*reset)(void *context); /* before each slice, not counted; or NULL */
};

/* How long a slice lasts: microseconds, or a number of requests, which may be
 * another one for the baseline. What does not apply is 0. */
struct slice {
	int64_t span;
	size_t requests;
	size_t baseline_requests;
	int rounds;
};

/* Requests a second: the medians of both, and of the ratios of neighbouring slices. */
struct outcome {
	double thing;
	double baseline;
	double ratio;
};

/* Connects so many clients. */
struct load *load_new(const struct stage *stage, size_t clients)
    __attribute__((returns_nonnull, warn_unused_result));
void load_free(struct load *l);

/* One slice: requests a second. */
double load_run(struct load *l, const struct work *work, const struct slice *slice);

/* The two by turns, after one slice of each that does not count. */
struct outcome load_compare(
    struct load *l, const struct work *thing, const struct work *baseline, const struct slice *slice);

/* Sorts them. */
double median(double *numbers, size_t n);

#endif
