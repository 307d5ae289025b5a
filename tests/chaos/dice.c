#include "tests/chaos/dice.h"

#include <assert.h>

/* SplitMix64: small, and good enough for choices. */
static uint64_t next(struct dice *d) {
	uint64_t z = (d->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

struct dice dice_of(uint64_t seed, uint64_t which) {
	struct dice d = {seed ^ (which * UINT64_C(0xd1342543de82ef95))};

	(void)next(&d);
	return d;
}

uint64_t dice_below(struct dice *d, uint64_t n) {
	assert(n > 0);
	return next(d) % n;
}

int64_t dice_between(struct dice *d, int64_t first, int64_t last) {
	return first + (int64_t)dice_below(d, (uint64_t)(last - first) + 1);
}

bool dice_percent(struct dice *d, unsigned percent) {
	return dice_below(d, 100) < percent;
}

size_t dice_weighted(struct dice *d, const unsigned *weights, size_t n) {
	uint64_t sum = 0;
	uint64_t at;

	for (size_t i = 0; i < n; i++) {
		sum += weights[i];
	}
	at = dice_below(d, sum);
	for (size_t i = 0; i < n; i++) {
		if (at < weights[i]) {
			return i;
		}
		at -= weights[i];
	}
	return n - 1;
}
