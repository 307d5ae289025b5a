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

struct batch;
struct buf;
struct selector;

/* The states that are not the end: pending, acquired, active, released, broken. */
#define LEASE_LIVE                                                                                           \
	(1U << LEASE_PENDING | 1U << LEASE_ACQUIRED | 1U << LEASE_ACTIVE | 1U << LEASE_RELEASED |            \
	    1U << LEASE_BROKEN)

/* The longest holder. */
#define LEASE_HOLDER_CHARS 200

/* A window of leases, newest first. The window is keyed by `seq`, so that it
 * costs the same anywhere in ten million. Zero means: all live ones, from the
 * newest, without a limit. */
struct lease_ask {
	const char *pool;    /* name, or NULL for every pool */
	const char *project; /* "org/name" or NULL */
	const char *holder;  /* exactly, or NULL */
	unsigned states;     /* bits 1 << enum lease_state; 0 for LEASE_LIVE */
	bool by_value;       /* only this value ... */
	enum kind kind;
	u128 value;
	const char *host;  /* ... of this host, else "" */
	int64_t at;        /* ... held at this time; TIME_NONE or 0 for now */
	const char *match; /* part of the pool's name, holder, value, id, or of a label's key or value, any
			    * case; NULL or "" for all */
	const struct selector *selector; /* of their labels, or NULL; not both */
	bool invert;                     /* those that the one of both that is asked for does not match */
	int64_t after;                   /* a lease's seq: begin behind it; 0 for the start */
	bool backwards;                  /* the ones just before `after` instead (still newest first) */
	int64_t limit;                   /* 0: no limit */
};

#define LEASE_PRIORITY_UNSAID INT64_MIN

struct allocate {
	struct id id;
	const char *pool;
	bool by_value; /* not with count */
	enum kind kind;
	u128 value;
	const char *host;    /* of a host's slot, else "" */
	const char *project; /* "org/name" or NULL */
	const char *holder;  /* "" for none, NULL for none said */
	int64_t until;      /* TIME_NONE: none asked for; TIME_NEVER: no end, also where the pool has a ttl */
	int64_t duration;   /* microseconds from acquisition, 0: none; not both */
	int64_t priority;   /* LEASE_PRIORITY_UNSAID: 0 for a new one */
	int64_t count;      /* 1 to 10,000 */
	bool wait;          /* in an exhausted pool: a pending lease; not with a value or a count */
	const char *labels; /* from its birth on, as labels_json() writes them; NULL for none */
	const char *detail; /* a JSON object for the record: who, from where, why */
};

size_t lease_list_add(struct batch *b, const struct lease_ask *ask); /* many struct lease */
size_t lease_show_add(struct batch *b, struct id id);                /* at most one struct lease */
size_t lease_seq_add(struct batch *b, struct id id); /* at most one struct total: its place by birth */

size_t lease_history_add(struct batch *b, struct id id); /* many struct event, oldest first */

/* Why it waits: at most one struct waiting, none for one that does not. */
size_t lease_waiting_add(struct batch *b, struct id id);

/* Idempotent: the same id gives the same lease for ever, with `replayed` set. What a replay says of holder,
 * end, labels, priority and reason is ignored, and told by `differs` where it is not what was said first. */
size_t lease_allocate_add(struct batch *b, const struct allocate *ask); /* many struct lease: count of them */

/* What the lease holds as people write it, appended: "10.0.0.7", "fd00::1", "100", "host1:2"; nothing when it
 * holds no value. */
void lease_value(const struct lease *lease, struct buf *out);

#endif
