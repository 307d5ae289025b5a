#include "db/base/backoff.h"

#include <stdlib.h>

#include "db/base/clock.h"

void backoff_init(struct backoff *b, int64_t first, int64_t last) {
	*b = (struct backoff){.first = first, .last = last, .next = first, .seed = (unsigned)clock_now()};
}

int64_t backoff_next(struct backoff *b) {
	int64_t delay = b->next;

	b->next = 2 * delay < b->last ? 2 * delay : b->last;
	return delay - (int64_t)rand_r(&b->seed) % (delay * 3 / 4 + 1);
}

void backoff_reset(struct backoff *b) {
	b->next = b->first;
}
