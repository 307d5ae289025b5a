#include "ui/verbs/verb.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/metadata.h"
#include "model/order.h"
#include "model/syntax/name.h"
#include "model/pool.h"
#include "model/project.h"
#include "model/queue.h"
#include "model/syntax/selector.h"
#include "model/syntax/target.h"
#include "model/syntax/value.h"
#include "ui/cli/annotations.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/record.h"
#include "ui/cli/lookup.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/cli/waiting.h"

enum { LIMIT = 100 };

static const struct state_group groups[] = {
    {"live", LEASE_LIVE},
    {"all", LEASE_LIVE | 1U << LEASE_DESTROYED},
    {NULL, 0},
};

static bool read_list(const struct run *run, struct lease_ask *ask, struct err *err) {
	const struct args *args = run->args;
	int sort;

	ask->pool = target_name("pool", opt(args, OPT_POOL));
	ask->holder = opt(args, OPT_HOLDER);
	ask->by_value = opt_given(args, OPT_VALUE);
	if ((ask->pool != NULL && !name_check("pool", ask->pool, err)) ||
	    !opt_project(args, &ask->project, err) || !opt_states(args, OPT_STATE, &ask->states, err) ||
	    !opt_instant(args, OPT_AT, &ask->at, err) ||
	    !opt_enum(args, OPT_SORT, lease_sort_names, LEASE_BY_BIRTH, &sort, err) ||
	    !opt_int(args, OPT_LIMIT, 1, INT64_MAX, LIMIT, &ask->limit, err) ||
	    (ask->by_value && !opt_unit(args, OPT_VALUE, &ask->unit, err))) {
		return false;
	}
	if (ask->at != TIME_NONE && !ask->by_value) {
		return err_set(err, ERR_INVALID_INPUT, "--at: needs --value");
	}
	if (ask->by_value && opt_sorted(args, lease_sort_names)) {
		return err_set(err, ERR_INVALID_INPUT, "--sort and --reverse: not with --value");
	}
	ask->sort = (enum lease_sort)sort;
	return true;
}

/* Looks up the cursor, a lease's id: its seq keys the window, and in other orders the lease itself does. */
static bool look_list(struct run *run, struct batch *b, struct err *err) {
	struct id after;

	if (!opt_id(run->args, OPT_AFTER, &after, err)) {
		return false;
	}
	if (!id_is_nil(after) && opt_sorted(run->args, lease_sort_names)) {
		lease_show_add(b, after);
	} else if (!id_is_nil(after)) {
		lease_seq_add(b, after);
	}
	return true;
}

/* Reads the place of the cursor from its step: its seq, or in other orders the lease as text. */
static bool read_after(const struct run *run, const struct batch *b, size_t step, struct lease_ask *ask,
    struct buf *row, struct err *err) {
	if (!opt_given(run->args, OPT_AFTER)) {
		return true;
	}
	if (batch_count(b, step) == 0) {
		return err_set(
		    err, ERR_NOT_FOUND, "--after %s: no lease has this id", opt(run->args, OPT_AFTER));
	}
	if (opt_sorted(run->args, lease_sort_names)) {
		order_row(&row_lease, batch_row(b, step, 0), row);
	} else {
		ask->after = ((const struct total *)batch_row(b, step, 0))->total;
	}
	return true;
}

static bool add_list(struct run *run, struct batch *b, struct err *err) {
	struct selector selector = {0};
	struct row_filter filter = {0};
	struct order order = {.reverse = opt_given(run->args, OPT_REVERSE)};
	struct lease_ask ask = {.selector = &selector, .filter = &filter, .order = &order};
	struct buf after = {0};
	bool ok = read_list(run, &ask, err) && opt_selector(run->args, &selector, err) &&
		  opt_filter(run->args, &filter, err) && read_after(run, run->found, 0, &ask, &after, err);

	if (ok) {
		order.after = after.len > 0 ? buf_text(&after) : NULL;
		ask.limit = ask.by_value ? 0 : ask.limit;
		lease_list_add(b, &ask);
		if (ask.pool != NULL) {
			pool_show_add(b, ask.pool);
		}
		if (ask.project != NULL) {
			project_show_add(b, ask.project);
		}
		ok = look_list(run, b, err);
	}
	buf_release(&after);
	selector_release(&selector);
	row_filter_release(&filter);
	return ok;
}

/* Returns whether a lease found by its value also has the other properties. */
static bool is_asked(const struct lease_ask *ask, const struct lease *lease) {
	return (ask->holder == NULL || strcmp(ask->holder, lease->holder) == 0) &&
	       (ask->after == 0 || lease->seq < ask->after) &&
	       (ask->states == 0 || (ask->states & 1U << lease->state) != 0);
}

/* Prints the list. Few leases have the same value, so all of them are read, and limited here. */
static bool print_leases(
    struct run *run, const struct lease_ask *ask, const struct batch *b, size_t step, struct err *err) {
	struct list *list = list_begin(&run->sink, &lease_shape);
	int64_t shown = 0;

	for (size_t i = 0; i < batch_count(b, step) && shown < ask->limit; i++) {
		const struct lease *lease = batch_row(b, step, i);

		if (!ask->by_value || is_asked(ask, lease)) {
			list_row(list, lease);
			shown++;
		}
	}
	return list_end(list, err);
}

/* Prints the list; that of a pool or project that does not exist is an error, not an empty list. */
static bool answer_list(struct run *run, const struct batch *b, struct err *err) {
	struct lease_ask ask = {0};
	struct buf after = {0};
	bool ok;
	size_t step = run->step + 1;

	if (!read_list(run, &ask, err)) {
		return false;
	}
	if (ask.pool != NULL && batch_count(b, step++) == 0) {
		return run_no_pool(run, ask.pool, err);
	}
	if (ask.project != NULL && batch_count(b, step++) == 0) {
		return lookup_not_found(TARGET_PROJECT, ask.project, err);
	}
	ok = read_after(run, b, step, &ask, &after, err) && print_leases(run, &ask, b, run->step, err);
	buf_release(&after);
	return ok;
}

/* The steps of a lease's batch. */
enum { STEP_LEASE, STEP_WAITING, STEP_COMMANDS, STEP_HISTORY, STEP_ANNOTATIONS };

static bool is_open(const struct command *c) {
	return (1U << c->state & QUEUE_OPEN) != 0;
}

/* Adds the open commands about the lease, or the ended ones. */
static void add_commands(struct record *record, const char *name, bool open, const struct batch *b) {
	struct command *some = mem_new(batch_count(b, STEP_COMMANDS), sizeof *some);
	size_t n = 0;

	for (size_t i = 0; i < batch_count(b, STEP_COMMANDS); i++) {
		const struct command *c = batch_row(b, STEP_COMMANDS, i);

		if (is_open(c) == open) {
			some[n++] = *c;
		}
	}
	record_list(record, name, &command_shape, rows_of_array(some, sizeof *some, n));
	free(some);
}

static bool print_lease(struct run *run, const struct batch *b, struct err *err) {
	struct record *record = record_new();

	record_row(record, &lease_shape, batch_row(b, STEP_LEASE, 0));
	annotations_put(record, b, STEP_ANNOTATIONS);
	if (batch_count(b, STEP_WAITING) > 0) {
		waiting_put(record, batch_row(b, STEP_WAITING, 0));
	}
	add_commands(record, "commands", true, b);
	record_list(record, "history", &event_shape, rows_of_step(b, STEP_HISTORY));
	add_commands(record, "ended_commands", false, b);
	return record_print(record, &run->sink, err);
}

static bool add_show(struct run *run, struct batch *b, struct err *err) {
	struct target target;

	if (!target_parse(operand(run->args, 0), TARGET_LEASE, &target, err)) {
		return false;
	}
	lease_show_add(b, target.id);
	lease_waiting_add(b, target.id);
	queue_of_lease_add(b, target.id);
	lease_history_add(b, target.id);
	metadata_show_add(b, METADATA_ANNOTATION, target.id);
	return true;
}

static bool answer_show(struct run *run, const struct batch *b, struct err *err) {
	if (batch_count(b, STEP_LEASE) == 0) {
		return lookup_not_found(TARGET_LEASE, operand(run->args, 0), err);
	}
	return print_lease(run, b, err);
}

const struct verb lease_verbs[] = {
    {
	.words = "lease list",
	.examples = "berth lease list --pool web -l env=prod\n"
		    "berth lease list --filter 'held>30d state!=broken' --sort held\n"
		    "berth lease list --value 10.0.0.9 --at 2026-01-31T12:00:00Z\n",
	.synopsis = "",
	.summary = "list leases, newest first; live ones by default",
	.notes = "--after takes the id of the last row, in the same order. --value with --at answers who "
		 "held it then.\n",
	.texts =
	    (const struct option_text[]){
		{OPT_STATE, "S,…", "only those in these states; live and all are groups of them",
		    lease_state_names, groups},
		{OPT_VALUE, "V", "only those that hold this value"},
		{OPT_HOLDER, "TEXT", "only those with this holder"},
		{OPT_PROJECT, "ORG/NAME", "only those of this project"},
		{OPT_POOL, "POOL", "only those of this pool"},
		{OPT_AT, "TIME", "who held --value at that time"},
		{OPT_AFTER, "ID", "continue after the lease with this id"},
		{OPT_SORT, "BY", "newest, state, value, holder, held, expires, pool, project or labels",
		    lease_sort_names},
		{OPT_END}},
	.options = (const enum option_id[]){OPT_POOL, OPT_PROJECT, OPT_STATE, OPT_HOLDER, OPT_VALUE, OPT_AT,
	    OPT_SELECTOR, OPT_FILTER, OPT_SORT, OPT_REVERSE, OPT_LIMIT, OPT_AFTER, OPT_END},
	.rows = FILTER_LEASES,
	.look = look_list,
	.add = add_list,
	.answer = answer_list,
    },
    {
	.words = "lease show",
	.examples = "berth lease show 4f2c0a91-0000-4000-8000-00000000000a\n",
	.synopsis = "ID",
	.summary = "show one lease, its history and commands, and why it waits",
	.min = 1,
	.max = 1,
	.add = add_show,
	.answer = answer_show,
    },
    {0},
};
