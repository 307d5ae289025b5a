/*
 * Many concurrent connections in one poll loop.
 */
#ifndef TESTS_LIB_CROWD_H
#define TESTS_LIB_CROWD_H

#include <stddef.h>

struct batch;
struct err;

struct crowd {
	/* Returns the client's next batch, freed by the crowd; NULL ends the client. */
	struct batch *(*next)(void *data, size_t client);
	/* Takes the outcome. err is empty on success, and released by the crowd. */
	void (*answer)(void *data, size_t client, struct batch *b, struct err *err);
	void *data;
};

/* Connects all clients, starts them at the same moment, and returns when all have ended. */
void crowd_run(const char *const *values, size_t count, const struct crowd *crowd);

#endif
