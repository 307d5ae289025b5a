/*
 * The command queue, as its clients see it.
 *
 * A client that wants to change a lease, resource or pool adds a command; a worker
 * applies it.  Every function adds one step to a batch and returns its index;
 * the answer is read with batch_row() once the batch has run.
 */
#ifndef MODEL_QUEUE_H
#define MODEL_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "db/batch/rows.h"
#include "model/syntax/target.h"

struct batch;
struct buf;
struct row_filter;
struct metadata_edit;
struct order;

enum queue_action {
	QUEUE_RELEASE,
	QUEUE_RECLAIM, /* releases a resource, but only if it has no leases */
	QUEUE_CORDON,
	QUEUE_UNCORDON,
	QUEUE_EXTEND,
	QUEUE_TRANSFER, /* gives a lease another holder */
	QUEUE_LABEL,    /* sets and deletes labels of a lease, resource or pool */
	QUEUE_RETRY,    /* this and the next two apply to a quarantined command */
	QUEUE_SKIP,
	QUEUE_FORCE,
	QUEUE_DELETE /* closes a project at once; a worker deletes it with all that it has */
};

/* Their words, ended by NULL. */
extern const char *const queue_action_names[];

/* The longest reason. */
#define QUEUE_REASON_CHARS 1000

/* A request for one command. With several targets or a selection it is a bulk: one parent with a child, an
 * item, for each target; a release of a resource or pool is one too, with an item for each lease. Every
 * target must be of a kind that has the action, and a selection has the actions of what it selects. */
struct queue_request {
	struct id id;
	enum queue_action action;
	const struct target *targets;
	size_t count;       /* at least 1 */
	const char *reason; /* "" for none, NULL if not given */
	int64_t grace; /* microseconds before it is applied; -1 if not given, which is 0 for a new command */
	int64_t
	    generation; /* the target's, as the sender saw it; 0 for any; of a bulk each target has its own */
	int64_t until;  /* of an extend: TIME_NONE with a duration, TIME_NEVER for no end */
	int64_t duration;                   /* of an extend: from now, 0 with until */
	bool shorten;                       /* of an extend: it may end the lease sooner */
	const struct metadata_edit *labels; /* of a label: at least one key */
	const char *holder;                 /* of a transfer: the new one, "" for nobody */
	const char *detail;                 /* a JSON object for the record */
};

/* Returns the kind of its items: TARGET_LEASE, TARGET_RESOURCE, TARGET_POOL or TARGET_COMMAND. Those of a
 * label may be of several kinds; the first target counts. */
enum target_kind queue_item_kind(enum queue_action action, const struct target *first);

/* Each adds a request: one struct command. It is idempotent: the same id is answered with the command as it
 * is now, with `replayed` set. A replay ignores reason, grace, generation and shorten; `differs` tells where
 * they are not those of the first request. */
size_t queue_add(struct batch *b, const struct queue_request *request);
size_t queue_cancel_add(struct batch *b, struct id id, const char *reason, const char *detail);

/* Cancels all of these that can be cancelled, up to 10,000 different ones: many struct command, in this
 * order, as they are then. One that had begun or ended is as it was; if one does not exist, nothing is
 * cancelled. */
size_t queue_cancel_all_add(
    struct batch *b, const struct id *ids, size_t count, const char *reason, const char *detail);

size_t queue_show_add(struct batch *b, struct id id); /* at most one struct command */
size_t queue_at_add(struct batch *b, int64_t seq);    /* the same, by its seq */

/* By their birth, the newest first; by what needs a person first, then by lag; or by what is shown of them.
 */
enum queue_sort {
	QUEUE_BY_BIRTH,
	QUEUE_BY_URGENCY,
	QUEUE_BY_STATE,
	QUEUE_BY_ACTION,
	QUEUE_BY_TARGET,
	QUEUE_BY_AUTHOR,
	QUEUE_BY_LAG,
	QUEUE_BY_TRIES,
	QUEUE_BY_NEXT,
	QUEUE_BY_OUTCOME
};

/* "newest", "urgent", "state", "action", "target", "by", "lag", "tries", "next", "outcome", ended by NULL. */
extern const char *const queue_sort_names[];

/* A window of commands, newest first, keyed by `seq`. Zero means all open ones, without a limit. */
struct queue_ask {
	unsigned states;  /* bits 1 << enum command_state; 0 for QUEUE_OPEN */
	const char *kind; /* with target_id: of one target, or NULL */
	struct id target_id;
	struct id parent;                /* the items of a bulk; nil for all */
	const struct row_filter *filter; /* of FILTER_COMMANDS, or NULL */
	int64_t patience;                /* microseconds after which a filter stops searching; 0: never */
	int64_t after;                   /* a command's seq: begin after it; 0 for the start */
	bool backwards;                  /* those just before `after` instead, still newest first */
	bool upwards;                    /* of a search: the list is shown oldest first */
	int64_t limit;
	enum queue_sort sort;      /* not by birth: then instead of `after` and `backwards`: */
	const struct order *order; /* NULL: in its direction, from the offset */
	int64_t offset;
};

/* The states that are not the end. */
#define QUEUE_OPEN (1U << COMMAND_QUEUED | 1U << COMMAND_RUNNING | 1U << COMMAND_QUARANTINED)
#define QUEUE_ALL (QUEUE_OPEN | 1U << COMMAND_DONE | 1U << COMMAND_CANCELLED)

/* Appends how the items of a bulk have ended so far: "2 applied, 1 rejected"; nothing while none has. */
void queue_counts(const struct command *c, struct buf *out);

/* Returns whether a bulk that has ended without failing has items that were rejected or cancelled. Those of
 * an applied deletion do not count, since everything is deleted. */
bool queue_partly(const struct command *c);

size_t queue_list_add(struct batch *b, const struct queue_ask *ask); /* many struct command */

/* Adds, after a list, how far its filter has come, and how many commands match: one struct search. */
size_t queue_search_add(struct batch *b, const struct queue_ask *ask);

size_t queue_of_lease_add(struct batch *b, struct id lease); /* many struct command, oldest first */
size_t queue_stats_add(struct batch *b);                     /* one struct queue_stats */

/* Adds a check of the right to queue, which fails with ERR_NOT_ALLOWED: for use before a question. */
size_t queue_right_add(struct batch *b);

/* Add the effect of a request, computed by the statements that apply it (model/effect.h): many struct
 * pool_effect, whose counts change for a release, cordon or uncordon; and up to `limit` rows of the items'
 * kind: many struct lease, resource, pool or command. */
size_t queue_plan_add(struct batch *b, const struct queue_request *request);
size_t queue_sample_add(struct batch *b, const struct queue_request *request, int64_t limit);

/* Add what the names in the targets stand for, many struct named_target; take it into them as what was seen,
 * so that the request is refused with ERR_CONFLICT once a name stands for something else. */
size_t queue_named_add(struct batch *b, const struct target *targets, size_t count);
void queue_named_take(struct target *targets, size_t count, const struct batch *b, size_t step);

/* Adds the open commands of anybody on the first `limit` leases of such a release: many struct busy. */
size_t release_busy_add(struct batch *b, const struct target *targets, size_t count, int64_t limit);

/* Notes that a plan is open in this console, in words, or with NULL that it is not: for the others, who see
 * it for some seconds. */
size_t open_plan_note_add(struct batch *b, struct id id, const char *doing);

/* Adds the plans that are open in other consoles than `self`: many struct open_plan. */
size_t open_plans_add(struct batch *b, struct id self);

/* A list of events in their order, of one target or, with a NULL kind, of all. */
struct event_ask {
	const char *kind;
	struct id target;
	int64_t after; /* a seq: only events after it; 0 for none */
	int64_t since; /* TIME_NONE for none */
	bool newest;   /* the last events, not the first ones */
	int64_t limit; /* 0 for none */
};
size_t event_list_add(struct batch *b, const struct event_ask *ask); /* many struct event, ascending */

/* Adds the events of the batch itself so far, up to `limit`: many struct event, ascending. The births of
 * leases are not among them. */
size_t event_own_add(struct batch *b, int64_t limit);

/* Add by what the changes of the batch so far are known: one struct evidence; and a demand that they are
 * known by this: ERR_CONFLICT otherwise. `again`: the batch may have been carried out before, and change
 * nothing now. A dry run and its repetition for real are compared by them. */
size_t event_evidence_add(struct batch *b);
size_t event_expect_add(struct batch *b, const char *evidence, bool again);

/* Adds a list of the events that were not answered yet, many struct event: each comes once, whenever its
 * transaction commits. The last row is no event: its seq is 0, and `after` is the place to pass to the next
 * call; the first call passes NULL. If `limit` rows come before it there are more. */
size_t event_news_add(struct batch *b, const struct event_ask *ask, const char *place);

#endif
