/*
 * Random numbers that a seed repeats: every thread has dice of its own, so that
 * what one of them throws does not depend on the speed of another.
 */
#ifndef TESTS_CHAOS_DICE_H
#define TESTS_CHAOS_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

/* Dice for one of those who share a seed. */
struct dice dice_of(uint64_t seed, uint64_t which);

/* A number below n, which is not 0. */
uint64_t dice_below(struct dice *d, uint64_t n);

/* A number from first to last, both included. */
int64_t dice_between(struct dice *d, int64_t first, int64_t last);

/* True in so many of a hundred cases. */
bool dice_percent(struct dice *d, unsigned percent);

/* The index of one of n weights, by its weight. */
size_t dice_weighted(struct dice *d, const unsigned *weights, size_t n);

#endif
