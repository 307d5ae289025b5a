/*
 * One run of a changing verb with given ids, through a proxy that cuts its connection, and what it has
 * left.
 */
#ifndef TESTS_LIB_ATTEMPT_H
#define TESTS_LIB_ATTEMPT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "tests/lib/program.h"
#include "tests/lib/proxy.h"

struct conn;
struct database;

/* One lease, or a batch of a lease, its label and its release; in pool `a`. */
enum deed { ALLOCATE, BATCH, DEEDS };

struct cut {
	enum deed deed;
	enum proxy_way way;
	size_t after;     /* bytes, from the start of the connection */
	bool alone;       /* no further connection is admitted */
	int64_t patience; /* milliseconds of its --timeout, if it is alone */
};

/* Attempts at the same place have different numbers. */
struct attempt {
	size_t number;
	struct cut cut;
	struct program program;
	struct proxy *proxy;
	char lease[ID_TEXT];
	char command[ID_TEXT]; /* of the release */
	char batch[ID_TEXT];
	char *name; /* of its connections */
	char *file;
};

/* Starts it with new ids. */
void attempt_begin(struct attempt *a, struct database *d, const struct cut *cut);

/* Ends it, if it runs. */
void attempt_release(struct attempt *a);

/* Waits until no server process works on it. */
void attempt_await_end(const struct attempt *a, struct database *d);

/* Returns true when it was cut; afterwards it is not cut any more. */
bool attempt_was_cut(struct attempt *a);

/* Return what it has left, a complete result, and none: "LEASES LABELS EVENTS COMMANDS", owned by the caller.
 */
char *attempt_left(const struct attempt *a, struct database *d)
    __attribute__((returns_nonnull, warn_unused_result));
extern const char *const attempt_all[DEEDS];
extern const char attempt_none[];

/* Returns the id to repeat it with. */
const char *attempt_id(const struct attempt *a) __attribute__((returns_nonnull));

/* Repeats the command with the same ids in this process. */
void attempt_repeat(struct attempt *a, struct conn *c, struct program *again);

/* Parses an answer without the parts that may change, and whether it is a replay. NULL when it does not
 * belong to this command. */
json_t *attempt_answer(const struct attempt *a, const char *text, bool *replayed)
    __attribute__((warn_unused_result));

#endif
