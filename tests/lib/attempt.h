/*
 * One run of a command that changes something, with ids that the test chose, by
 * way of a proxy that cuts its connection; and what is to be found of it.
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

/* One lease; or a batch of a lease, its label and its release. Of a pool `a`. */
enum deed { ALLOCATE, BATCH, DEEDS };

struct cut {
	enum deed deed;
	enum proxy_way way;
	size_t after;     /* bytes, from the first of the connection */
	bool alone;       /* no other connection comes through */
	int64_t patience; /* milliseconds: its --timeout, if it is alone */
};

/* Those of a place have different numbers. */
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

/* With new ids, in place of what it was before. */
void attempt_begin(struct attempt *a, struct database *d, const struct cut *cut);

/* Ends it, if it runs; takes an empty one. */
void attempt_release(struct attempt *a);

/* Until nothing in the server is busy with it. */
void attempt_await_end(const struct attempt *a, struct database *d);

/* Whether it was cut. It will not be any more. */
bool attempt_was_cut(struct attempt *a);

/* What there is of it, everything of it, and nothing: "LEASES LABELS EVENTS COMMANDS", to be freed. */
char *attempt_left(const struct attempt *a, struct database *d)
    __attribute__((returns_nonnull, warn_unused_result));
extern const char *const attempt_all[DEEDS];
extern const char attempt_none[];

/* The id to repeat it with. */
const char *attempt_id(const struct attempt *a) __attribute__((returns_nonnull));

/* The same command with the same ids, here. */
void attempt_repeat(struct attempt *a, struct conn *c, struct program *again);

/* An answer, without what may change from one time to the next; and whether it says that all was done before.
 * NULL when it is not one to this command. */
json_t *attempt_answer(const struct attempt *a, const char *text, bool *replayed)
    __attribute__((warn_unused_result));

#endif
