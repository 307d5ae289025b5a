/*
 * Many connections at once, in one poll loop: what happens when many people and
 * programs want something at the same moment.
 */
#ifndef TESTS_LIB_CROWD_H
#define TESTS_LIB_CROWD_H

#include <stddef.h>

struct batch;
struct err;

struct crowd {
	/* The next thing that a client does; NULL: it goes home. The crowd frees the batch. */
	struct batch *(*next)(void *data, size_t client);
	/* What came of it. err is empty when it succeeded, and released afterwards. */
	void (*answer)(void *data, size_t client, struct batch *b, struct err *err);
	void *data;
};

/* Connects all of them first, then lets them go at the same moment, and returns when all have gone home. */
void crowd_run(const char *const *values, size_t count, const struct crowd *crowd);

#endif
