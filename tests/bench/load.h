/*
 * Load: many clients in one process, each with one request in flight.
 *
 * A measured request and its baseline are sent by the same code: one step and one transaction each, over
 * the same connections. Since the speed of a shared machine changes from second to second, the two
 * alternate in short slices, and the result is the median of the ratios of neighbours.
 *
 * Errors end the program.
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
	void (*reset)(void *context); /* before each slice, not measured; or NULL */
};

/* The length of a slice: microseconds, or a number of requests, which may differ for the baseline; the other
 * is 0. */
struct slice {
	int64_t span;
	size_t requests;
	size_t baseline_requests;
	int rounds;
};

/* Requests per second: the medians of both, and the least, the median and the greatest of the ratios of
 * neighbouring slices. */
struct outcome {
	double thing;
	double baseline;
	double low;
	double ratio;
	double high;
};

/* Connects the clients. */
struct load *load_new(const struct stage *stage, size_t clients)
    __attribute__((returns_nonnull, warn_unused_result));
void load_free(struct load *l);

/* Runs one slice. Returns requests per second. */
double load_run(struct load *l, const struct work *work, const struct slice *slice);

/* Measures the two in turn, after one uncounted slice of each. */
struct outcome load_compare(
    struct load *l, const struct work *thing, const struct work *baseline, const struct slice *slice);

/* Returns the median; sorts the numbers. */
double median(double *numbers, size_t n);

#endif
