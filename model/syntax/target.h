/*
 * Targets: what a command is about, as people write it.
 *
 *     pool/NAME   resource/ID   resource/POOL/FIRST-LAST   resource/POOL/HOST
 *     lease/ID    org/NAME      resource/POOL/VALUE        project/ORG/NAME
 *     command/ID
 *
 * A single value names the live resource that contains it, the slot of a host
 * the host. Where it is the place of one that is gone the server tells of that.
 * Where one kind is expected the prefix may be left out. A text that begins with
 * the prefix of another kind is refused there, also where it could be the place
 * of a resource in a pool of that name: written in full it is understood.
 */
#ifndef MODEL_SYNTAX_TARGET_H
#define MODEL_SYNTAX_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "model/syntax/value.h"

struct buf;
struct err;
struct selector;

enum target_kind {
	TARGET_LEASE,
	TARGET_RESOURCE,
	TARGET_POOL,
	TARGET_COMMAND,
	TARGET_ORG,
	TARGET_PROJECT,
	TARGET_LEASES, /* not written: the leases that a selection matches */
	TARGET_ANY
};

/* Their words, in that order up to TARGET_PROJECT, ended by NULL. */
extern const char *const target_kind_names[];

#define TARGET_NAME 130 /* "org/project", each up to 63, and a NUL */

struct target {
	enum target_kind kind;
	struct id id;           /* lease, resource, command; nil where it is named otherwise */
	char name[TARGET_NAME]; /* of a pool or organization, "org/project", the pool of a resource's place;
				 * of TARGET_LEASES the pool, or "" for all */
	struct range range;     /* the place of a resource without an id */
	bool any_size;      /* of a host's place that was written without its slots: it may have any number */
	bool whole;         /* of a project in a plan: with its pools, as it is deleted */
	int64_t generation; /* of a lease in a plan: the one that was seen; 0 for any */
	unsigned states;    /* of TARGET_LEASES: bits 1 << enum lease_state; 0 for those that hold or wait */
	const struct selector *selector; /* of TARGET_LEASES: of their labels, borrowed; NULL for all */
};

/* The target of that kind with that name. */
struct target target_named(enum target_kind kind, const char *name);

/* Reads a target. `expected` is the kind that a text without prefix is; with
 * TARGET_ANY the prefix is needed. Another kind than the expected one is refused. */
bool target_parse(const char *text, enum target_kind expected, struct target *out, struct err *err)
    __attribute__((warn_unused_result));

/* Appends it as the server reads it: see berth.resolve(). */
void target_json(const struct target *target, struct buf *out);

/* Appends an array of them as the server reads it. */
void targets_json(const struct target *targets, size_t count, struct buf *out);

#endif
