/*
 * Random numbers that a seed repeats. Every thread has its own dice, so that they do not depend on the
 * speed of others.
 */
#ifndef TESTS_CHAOS_DICE_H
#define TESTS_CHAOS_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

/* Returns the dice of one thread. */
struct dice dice_of(uint64_t seed, uint64_t which);

/* Returns a number below n, which is not 0. */
uint64_t dice_below(struct dice *d, uint64_t n);

/* Returns a number from first to last, inclusive. */
int64_t dice_between(struct dice *d, int64_t first, int64_t last);

/* Returns true in so many of a hundred cases. */
bool dice_percent(struct dice *d, unsigned percent);

/* Returns the index of one of n weights, by its weight. */
size_t dice_weighted(struct dice *d, const unsigned *weights, size_t n);

#endif
