/*
 * Leases: one value each, held under a UUID that the requestor chose.
 *
 * Every function adds one step to a batch and returns its index; the answer is
 * read with batch_row() once the batch has run.
 */
#ifndef MODEL_LEASE_H
#define MODEL_LEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "db/base/num.h"
#include "db/batch/rows.h"
#include "model/syntax/unit.h"

struct batch;
struct buf;
struct order;
struct row_filter;
struct selector;

/* The states that are not the end: pending, acquired, active, released, broken. */
#define LEASE_LIVE                                                                                           \
	(1U << LEASE_PENDING | 1U << LEASE_ACQUIRED | 1U << LEASE_ACTIVE | 1U << LEASE_RELEASED |            \
	    1U << LEASE_BROKEN)

/* The longest holder. */
#define LEASE_HOLDER_CHARS 200

/* By their birth, the newest first, or by what is shown of them. */
enum lease_sort {
	LEASE_BY_BIRTH,
	LEASE_BY_STATE,
	LEASE_BY_VALUE,
	LEASE_BY_HOLDER,
	LEASE_BY_HELD,
	LEASE_BY_EXPIRES,
	LEASE_BY_POOL,
	LEASE_BY_PROJECT,
	LEASE_BY_LABELS
};

/* "newest", "state", "value", "holder", "held", "expires", "pool", "project", "labels", ended by NULL. */
extern const char *const lease_sort_names[];

/* A window of leases, newest first. The window is keyed by `seq`, so it costs the same anywhere in ten
 * million leases. Zero means all live ones, from the newest, without a limit. */
struct lease_ask {
	const char *pool;                /* name, or NULL for every pool */
	const char *project;             /* "org/name" or NULL */
	const char *holder;              /* exactly, or NULL */
	unsigned states;                 /* bits 1 << enum lease_state; 0 for LEASE_LIVE */
	bool by_value;                   /* only the leases of one value: */
	struct unit unit;                /* or of the block that it is in */
	int64_t at;                      /* the time at which it was held; TIME_NONE or 0 for now */
	const struct selector *selector; /* by labels, or NULL */
	const struct row_filter *filter; /* of FILTER_LEASES, or NULL */
	int64_t patience;                /* microseconds after which a filter stops searching; 0: never */
	int64_t after;                   /* a lease's seq: begin after it; 0 for the start */
	bool backwards;                  /* those just before `after` instead, still newest first */
	bool upwards;                    /* of a search: the list is shown oldest first */
	int64_t limit;                   /* 0 for none */
	enum lease_sort sort;            /* not by birth: then instead of `after` and `backwards`: */
	const struct order *order;       /* NULL: in its direction, from the offset */
	int64_t offset;
};

#define LEASE_PRIORITY_UNSAID INT64_MIN

struct allocate {
	struct id id;
	const char *pool;
	bool by_value; /* only this value; not with count */
	struct unit unit;
	const char *project; /* "org/name" or NULL */
	const char *holder;  /* "" for none, NULL if not given */
	int64_t until;       /* TIME_NONE if not given; TIME_NEVER for no end, even if the pool has a ttl */
	int64_t duration;    /* microseconds from acquisition, 0 for none; not with until */
	int64_t priority;    /* LEASE_PRIORITY_UNSAID if not given, which is 0 for a new lease */
	int64_t count;       /* 1 to 10,000 */
	bool wait;           /* an exhausted pool gives a pending lease; not with a value or a count */
	const char *labels;  /* the first labels, as labels_json() writes them; NULL for none */
	const char *detail;  /* a JSON object for the record: who, from where, why */
};

size_t lease_list_add(struct batch *b, const struct lease_ask *ask); /* many struct lease */

/* Adds, after the list that begins at its start or after `after`, how far its filter has come, and how many
 * leases match; without a filter how many there are: one struct search. */
size_t lease_search_add(struct batch *b, const struct lease_ask *ask);

size_t lease_show_add(struct batch *b, struct id id);    /* at most one struct lease */
size_t lease_seq_add(struct batch *b, struct id id);     /* at most one struct total: its seq */
size_t lease_history_add(struct batch *b, struct id id); /* many struct event, oldest first */

/* Adds the question why a lease waits: at most one struct waiting, none for a lease that does not wait. */
size_t lease_waiting_add(struct batch *b, struct id id);

/* Adds an allocation: as many struct lease as its count. It is idempotent: the same id always gives the same
 * lease, then with `replayed` set. A replay ignores holder, end, labels, priority and reason; `differs` tells
 * where they are not those of the first request. */
size_t lease_allocate_add(struct batch *b, const struct allocate *ask);

/* Appends the lease's value as people write it: "10.0.0.7", "fd00::1", "100", "host1:2", and of a pool of
 * blocks "10.0.64.0/26", "1024-1087"; nothing when it holds none. */
void lease_value(const struct lease *lease, struct buf *out);

#endif
