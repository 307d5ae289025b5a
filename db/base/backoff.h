/*
 * Delays that grow: private to db/.
 *
 * Each is twice the one before, up to a last one, and shortened by up to three
 * quarters at random, so that many who failed at one moment do not come again at one
 * moment.
 */
#ifndef DB_BASE_BACKOFF_H
#define DB_BASE_BACKOFF_H

#include <stdint.h>

/* Microseconds. `first` is 4 at least. */
struct backoff {
	int64_t first;
	int64_t last;
	int64_t next;
	unsigned seed;
};

void backoff_init(struct backoff *b, int64_t first, int64_t last);

/* The next delay: between a quarter of what it has grown to and all of it. */
int64_t backoff_next(struct backoff *b);

/* Begins again with the first. */
void backoff_reset(struct backoff *b);

#endif
