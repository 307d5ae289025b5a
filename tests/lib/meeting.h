/*
 * Two sessions that meet at a certain moment: the first one is held at a gate with all its locks, the second
 * one arrives and waits for it, and then the gate opens.
 */
#ifndef TESTS_LIB_MEETING_H
#define TESTS_LIB_MEETING_H

#include <stdbool.h>

struct batch;
struct conn;
struct database;
struct err;

struct meeting {
	struct database *database;
	struct conn *first;
	struct conn *second;
};

/* Returns a meeting in a database of its own, with the pool "a" of these numbers, and the pool "other", at
 * which the first one is held. For meeting_free(), which checks that the first session is sound. */
struct meeting *meeting_new(const char *range) __attribute__((returns_nonnull));
void meeting_free(struct meeting *meeting);

/* Return a batch that removes these numbers from the pool "a", or allocates one of it: that value, or with
 * NULL the lowest. The caller frees it. */
struct batch *meeting_removal(int first, int last) __attribute__((returns_nonnull));
struct batch *meeting_allocation(const char *value) __attribute__((returns_nonnull));

/* Adds the gate to a batch: a step in this pool. */
void meeting_gate(struct batch *b, const char *pool);

/* Steps a session until so many sessions of the database wait for a lock. */
void meeting_await(struct conn *c, struct database *d, int waiting);

/* The results of two batches: true for success. */
struct met {
	bool first;
	bool second;
};

/* Runs the first batch up to its gate, then the second one, and opens the gate when that one waits. The
 * errors of the first one are in *why, those of the second one in *err. */
struct met meeting_run(const struct meeting *meeting, struct batch *first, struct batch *second,
    struct err *why, struct err *err) __attribute__((warn_unused_result));

#endif
