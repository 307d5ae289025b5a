/*
 * Targets: the object of a command, as it is typed.
 *
 *     pool/NAME   resource/ID   resource/POOL/FIRST-LAST   resource/POOL/HOST
 *     lease/ID    org/NAME      resource/POOL/VALUE        project/ORG/NAME
 *     command/ID
 *
 * A single value names the live resource that contains it; a slot names its host.  The prefix may be left out
 * where one kind is expected.  A text with the prefix of another kind is refused there, even if a pool has
 * that name: then the target must be written in full.
 */
#ifndef MODEL_SYNTAX_TARGET_H
#define MODEL_SYNTAX_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "model/syntax/range.h"

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
	TARGET_LEASES,    /* not written: the leases that a selection matches */
	TARGET_RESOURCES, /* likewise */
	TARGET_POOLS,
	TARGET_ANY
};

/* The prefixes, up to TARGET_PROJECT, ended by NULL. */
extern const char *const target_kind_names[];

#define TARGET_NAME 130 /* "org/project", each up to 63, and a NUL */

struct target {
	enum target_kind kind;
	struct id id;           /* of a lease, resource or command; nil when it is given by name */
	char name[TARGET_NAME]; /* a pool, organization or "org/project"; of a resource's range the pool;
				 * of a selection the pool, or "" for all */
	struct range range;     /* of a resource without an id */
	struct id seen;         /* in a plan: the pool, project or organization that the name stood for when
				 * it was shown; nil for any */
	bool any_size;          /* a host written without slots: it may have any number */
	bool whole;             /* a project in a plan: with its pools, as it is deleted */
	int64_t generation;     /* in a plan: the one that was seen, of a command its lease's; 0 for any */
	unsigned states;        /* TARGET_LEASES: bits 1 << enum lease_state; 0 for those that hold or wait */
	const char *holder;     /* TARGET_LEASES: whose, borrowed; NULL for everybody's */
	const struct selector *selector; /* of a selection: of the labels, borrowed; NULL for all */
};

/* Returns whether the target selects, and so may mean any number of things. */
bool target_selects(const struct target *target);

/* Returns the kind of one thing of a selection: TARGET_LEASE of TARGET_LEASES. Other kinds stay. */
enum target_kind target_single(enum target_kind kind);

/* Returns the target of that kind with that name. */
struct target target_named(enum target_kind kind, const char *name);

/* The same for a row that is shown: the name must still stand for the pool, project or organization with that
 * id. */
struct target target_seen(enum target_kind kind, const char *name, struct id seen);

/* Reads a target of the expected kind, with or without prefix; with TARGET_ANY, of any kind, with prefix. */
bool target_parse(const char *text, enum target_kind expected, struct target *out, struct err *err)
    __attribute__((warn_unused_result));

/* Append one target, or an array of targets, as JSON for berth.resolve(). */
void target_json(const struct target *target, struct buf *out);

void targets_json(const struct target *targets, size_t count, struct buf *out);

#endif
