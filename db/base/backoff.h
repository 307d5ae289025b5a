/*
 * Exponential backoff with jitter: private to db/.
 *
 * Each delay is twice the previous one, up to a limit, and is then shortened by up to three quarters at
 * random, so that clients that failed together do not retry together.
 */
#ifndef DB_BASE_BACKOFF_H
#define DB_BASE_BACKOFF_H

#include <stdint.h>

/* All in microseconds. `first` is at least 4. */
struct backoff {
	int64_t first;
	int64_t last;
	int64_t next;
	unsigned seed;
};

void backoff_init(struct backoff *b, int64_t first, int64_t last);

/* Returns the next delay: between a quarter and all of the grown one. */
int64_t backoff_next(struct backoff *b);

/* Starts again with the first delay. */
void backoff_reset(struct backoff *b);

#endif
