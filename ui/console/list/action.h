/*
 * Actions of a screen, and the places that they lead to.
 *
 * A view lists its actions (ui/console/list/view.h). The keys, help and needs of each are in the one table of
 * ui/console/app/keymap.h.
 */
#ifndef UI_CONSOLE_LIST_ACTION_H
#define UI_CONSOLE_LIST_ACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/buf.h"
#include "model/syntax/target.h"
#include "ui/console/list/scope.h"

struct view;

/* Actions that belong to some screens only. */
enum action {
	ACTION_NONE,
	ACTION_POOL_LEASES, /* opens */
	ACTION_ENVIRONMENT,
	ACTION_PROJECT_LEASES,
	ACTION_HOLDER_LEASES,
	ACTION_DETAIL,
	ACTION_ITEMS,
	ACTION_VALUES,
	ACTION_TARGETS,
	ACTION_TARGET,
	ACTION_REMOVED,
	ACTION_CAUSE,
	ACTION_FOLLOW,
	ACTION_RESOURCES,
	ACTION_HOLDERS,
	ACTION_ALL,
	ACTION_NEW_PROJECT, /* forms */
	ACTION_NEW_ORG,
	ACTION_LIMIT,
	ACTION_ORG_LIMIT,
	ACTION_DELETE, /* plans */
	ACTION_FIX,
	ACTION_UNDO_RUN,
	ACTION_RELEASE,
	ACTION_RELEASE_ALL,
	ACTION_RELEASE_HOLDER,
	ACTION_DRAIN,
	ACTION_CORDON,
	ACTION_CANCEL,
	ACTION_RETRY,
	ACTION_SKIP,
	ACTION_FORCE,
	ACTION_EXTEND,
	ACTION_LABEL,
	ACTION_MARK,
	ACTION_MARK_RANGE,
	ACTION_MARK_SHOWN
};

/* Plans that change rows. */
enum plan_act {
	PLAN_RELEASE,
	PLAN_DRAIN, /* a release of resources: nothing new is taken there */
	PLAN_CORDON,
	PLAN_UNCORDON,
	PLAN_EXTEND,
	PLAN_TRANSFER, /* gives leases another holder */
	PLAN_LABEL,
	PLAN_CANCEL, /* of a command in the queue */
	PLAN_RETRY,
	PLAN_SKIP,
	PLAN_FORCE,
	PLAN_DELETE,  /* of a project, with all that it has */
	PLAN_RECLAIM, /* of resources, each only if it has no leases */
	PLAN_DIRECT,  /* a verb that acts at once */
	PLAN_ACTS
};

/* The row that a plan changes. */
struct subject {
	enum plan_act act; /* in: the requested act; out: the one that fits the row */
	struct target target;
	int64_t generation; /* 0: any */
	char *what;         /* the row in words: foreign, owned */
	char *note;         /* consequences that are known without the server: foreign, owned; or NULL */
	bool adds;          /* the note is added to the usual one of the act, else it replaces it */
};

/* A place to go to from a row: owned scope and filter. */
struct jump {
	const struct view *view; /* NULL: the detail of the row itself */
	struct scope scope;
	struct buf filter;
	char *environment; /* the profile whose database has the place; NULL: this one */
};

/* Returns the place of one thing: kind and id as in struct target, and its name. Leases, resources and
 * commands go by their id, others by the name. The view is NULL for a kind without a screen. */
struct jump jump_to(const char *kind, struct id id, const char *name);
void jump_release(struct jump *jump);

/* The places that a row names, in the order in which they are offered. `struct links l = {0}` is empty. */
struct links {
	struct link {
		const char *what; /* "pool", "project": static */
		struct jump jump;
	} * items; /* owned */
	size_t count;
};

/* Takes the jump; one without a view is dropped. */
void links_add(struct links *links, const char *what, struct jump jump);
void links_release(struct links *links);

#endif
