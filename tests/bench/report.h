/*
 * Collects the figures, prints them as a table and writes them as JSON.
 */
#ifndef TESTS_BENCH_REPORT_H
#define TESTS_BENCH_REPORT_H

#include <stddef.h>

/* The meaning of `wanted`. */
enum wanted { WANTED_RATIO_LEAST, WANTED_RATIO_MOST, WANTED_VALUE_MOST, WANTED_VALUE_LEAST };

/* A figure. Texts are static; numbers that do not apply are NAN, and so is what is wanted of a peer. */
struct figure {
	const char *name;
	double value;
	const char *unit;
	double baseline; /* in the same unit */
	double ratio;    /* value / baseline */
	double wanted;
	enum wanted bound;
};

struct report_entry;

struct report {
	struct report_entry *entries;
	size_t count;
};

/* Adds a figure and prints its line. */
void report_add(struct report *r, const struct figure *figure);

/* The same, with the least and the greatest ratio of its rounds. */
void report_add_rounds(struct report *r, const struct figure *figure, double low, double high);

void report_head(void);

/* Writes [{name, value, unit, baseline, ratio}], with {ratio_min, ratio_max} where there were rounds. Ends
 * the program on failure. */
void report_write(const struct report *r, const char *path);

void report_release(struct report *r);

#endif
