/*
 * The figures: collected, printed as a table, written as JSON.
 */
#ifndef TESTS_BENCH_REPORT_H
#define TESTS_BENCH_REPORT_H

#include <stddef.h>

/* What `wanted` bounds. */
enum wanted { WANTED_RATIO_LEAST, WANTED_RATIO_MOST, WANTED_VALUE_MOST, WANTED_VALUE_LEAST };

/* Texts are static. What does not apply is NAN. */
struct figure {
	const char *name;
	double value;
	const char *unit;
	double baseline; /* the same unit */
	double ratio;    /* value to baseline */
	double wanted;
	enum wanted bound;
};

struct report {
	struct figure *figures;
	size_t count;
};

/* Adds a figure and prints its line at once: some take long. */
void report_add(struct report *r, const struct figure *figure);

void report_head(void);

/* Writes [{name, value, unit, baseline, ratio}]. Ends the program when it cannot. */
void report_write(const struct report *r, const char *path);

void report_release(struct report *r);

#endif
