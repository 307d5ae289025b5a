/*
 * The final state: the rows of the surviving server that the checker reads.
 *
 * Rows of one kind are an array, ordered by id; events are ordered by target, then by number. Unit tests
 * fill these arrays by hand.
 */
#ifndef TESTS_CHAOS_FINAL_H
#define TESTS_CHAOS_FINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "tests/chaos/history.h"

enum { STATE_ROOM = 16, LABELS_ROOM = 256 };

struct lease_row {
	struct id id;
	struct id resource; /* nil while it has no value */
	char pool[NAME_ROOM];
	char value[NAME_ROOM]; /* "" for none */
	char state[STATE_ROOM];
	int64_t seq;
	int64_t generation;
	int64_t acquired; /* the server's time, or TIME_NONE */
	int64_t destroyed;
};

struct resource_row {
	struct id id;
	char state[STATE_ROOM];
	bool cordoned;
	int64_t generation;
};

struct command_row {
	struct id id;
	struct id target;
	struct id parent; /* nil for none */
	char action[STATE_ROOM];
	char kind[STATE_ROOM]; /* of the target */
	char state[STATE_ROOM];
	char outcome[STATE_ROOM];
	int64_t expected; /* generation; 0 for any */
	int64_t epoch;
	bool bulk;
};

/* One side of a change; "" or 0 where it has no value. */
struct side {
	bool there;
	char state[STATE_ROOM];
	char value[NAME_ROOM];
	char labels[LABELS_ROOM]; /* the JSON object */
	int cordoned;             /* -1: no value */
	int64_t generation;
};

struct event_row {
	int64_t seq;
	struct id target;
	struct id command; /* nil for none */
	char kind[STATE_ROOM];
	char action[STATE_ROOM];
	struct side before;
	struct side after;
};

struct final {
	struct lease_row *leases;
	size_t lease_count;
	struct resource_row *resources;
	size_t resource_count;
	struct command_row *commands;
	size_t command_count;
	struct event_row *events;
	size_t event_count;
	struct id *requests; /* that were applied at once */
	size_t request_count;

	/* The clock jumped ahead so far that history was forgotten: ended objects may be missing. */
	bool forgets;

	/* Intervals of event numbers in which the clock jumped. Times on both sides of one are not compared.
	 */
	struct stretch_of_seq {
		int64_t from;
		int64_t to;
	} * jumps;
	size_t jump_count;
	int64_t first_jump; /* steady time; TIME_NONE for none */
};

/* Return the row of an id, or NULL. */
const struct lease_row *final_lease(const struct final *f, struct id id);
const struct command_row *final_command(const struct final *f, struct id id);
bool final_request(const struct final *f, struct id id);

/* Returns the events of a target, in order. */
const struct event_row *final_events(const struct final *f, struct id target, size_t *count);

/* Sorts the arrays. */
void final_sort(struct final *f);

void final_release(struct final *f);

#endif
