#include "ui/verbs/families.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/metadata.h"
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

static bool read_list(const struct run *run, struct lease_ask *ask, char host[HOST_TEXT], struct err *err) {
	const struct args *args = run->args;

	ask->pool = target_name("pool", opt(args, OPT_POOL));
	ask->holder = opt(args, OPT_HOLDER);
	ask->host = host;
	ask->by_value = opt_given(args, OPT_VALUE);
	if ((ask->pool != NULL && !name_check("pool", ask->pool, err)) ||
	    !opt_project(args, &ask->project, err) ||
	    !opt_states(args, OPT_STATE, lease_state_names, groups, &ask->states, err) ||
	    !opt_instant(args, OPT_AT, &ask->at, err) ||
	    !opt_int(args, OPT_LIMIT, 1, INT64_MAX, LIMIT, &ask->limit, err) ||
	    (ask->by_value && !opt_value(args, OPT_VALUE, &ask->kind, &ask->value, host, err))) {
		return false;
	}
	if (ask->at != TIME_NONE && !ask->by_value) {
		return err_set(err, ERR_INVALID_INPUT, "--at: needs --value");
	}
	return true;
}

/* The cursor is a lease's id; the window is keyed by its place. */
static bool find_after(struct run *run, struct lease_ask *ask, struct err *err) {
	const char *text = opt(run->args, OPT_AFTER);
	struct batch *b;
	struct id id;
	bool ok;

	if (text == NULL) {
		return true;
	}
	if (!opt_id(run->args, OPT_AFTER, &id, err)) {
		return false;
	}
	b = batch_new(BATCH_READ);
	lease_seq_add(b, id);
	ok = run_batch(run, b, err) &&
	     (batch_count(b, 0) > 0 || err_set(err, ERR_NOT_FOUND, "--after %s: no lease has this id", text));
	if (ok) {
		ask->after = ((const struct total *)batch_row(b, 0, 0))->total;
	}
	batch_free(b);
	return ok;
}

/* What the search by value leaves to be compared here. */
static bool is_asked(const struct lease_ask *ask, const struct lease *lease) {
	return (ask->holder == NULL || strcmp(ask->holder, lease->holder) == 0) &&
	       (ask->after == 0 || lease->seq < ask->after) &&
	       (ask->states == 0 || (ask->states & 1U << lease->state) != 0);
}

/* Few hold one value, so that all of them are fetched, and limited here. */
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

/* Runs the batch with a look at what the list is of: of something that is not there no list is empty. */
static bool run_with_names(struct run *run, struct batch *b, const struct lease_ask *ask, struct err *err) {
	size_t pool = ask->pool == NULL ? 0 : pool_show_add(b, ask->pool);
	size_t project = ask->project == NULL ? 0 : project_show_add(b, ask->project);

	return run_batch(run, b, err) &&
	       (ask->pool == NULL || batch_count(b, pool) > 0 || run_no_pool(ask->pool, err)) &&
	       (ask->project == NULL || batch_count(b, project) > 0 ||
		   lookup_not_found(TARGET_PROJECT, ask->project, err));
}

static bool run_lease_list(struct run *run, struct err *err) {
	struct selector selector = {0};
	struct lease_ask ask = {.selector = &selector};
	char host[HOST_TEXT] = "";
	struct batch *b = batch_new(BATCH_READ);
	bool ok = read_list(run, &ask, host, err) && opt_selector(run->args, &selector, err) &&
		  find_after(run, &ask, err);

	if (ok) {
		struct lease_ask sent = ask;

		sent.limit = ask.by_value ? 0 : ask.limit;
		size_t list = lease_list_add(b, &sent);

		ok = run_with_names(run, b, &ask, err) && print_leases(run, &ask, b, list, err);
	}
	batch_free(b);
	selector_release(&selector);
	return ok;
}

/* The steps of a lease's batch. */
enum { STEP_LEASE, STEP_WAITING, STEP_COMMANDS, STEP_HISTORY, STEP_ANNOTATIONS };

static bool is_open(const struct command *c) {
	return (1U << c->state & QUEUE_OPEN) != 0;
}

/* The commands about it that are open, or those that have ended. */
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

static bool run_lease_show(struct run *run, struct err *err) {
	const char *text = operand(run->args, 0);
	struct batch *b = batch_new(BATCH_READ);
	struct target target;
	bool ok = target_parse(text, TARGET_LEASE, &target, err);

	if (ok) {
		lease_show_add(b, target.id);
		lease_waiting_add(b, target.id);
		queue_of_lease_add(b, target.id);
		lease_history_add(b, target.id);
		metadata_show_add(b, METADATA_ANNOTATION, target.id);
		ok = run_batch(run, b, err) &&
		     (batch_count(b, STEP_LEASE) > 0 || lookup_not_found(TARGET_LEASE, text, err)) &&
		     print_lease(run, b, err);
	}
	batch_free(b);
	return ok;
}

const struct verb command_lease_list = {
    .words = "lease list",
    .synopsis = "",
    .summary = "list leases, newest first; live ones by default",
    .notes = "--after takes the id of the last row. --value with --at answers who held it then.\n",
    .options = (const enum option_id[]){OPT_POOL, OPT_PROJECT, OPT_STATE, OPT_HOLDER, OPT_VALUE, OPT_AT,
	OPT_SELECTOR, OPT_LIMIT, OPT_AFTER, OPT_END},
    .run = run_lease_list,
};
const struct verb command_lease_show = {
    .words = "lease show",
    .synopsis = "ID",
    .summary = "show one lease with its history and commands; why it waits",
    .min = 1,
    .max = 1,
    .run = run_lease_show,
};
