#include "ui/verbs/families.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "model/queue.h"
#include "model/worker.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/mutation.h"
#include "ui/cli/context.h"
#include "ui/cli/record.h"
#include "ui/cli/lookup.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/cli/request.h"

enum { LIMIT = 100 };

static const struct state_group groups[] = {{"open", QUEUE_OPEN}, {"all", QUEUE_ALL}, {NULL, 0}};

/* The open ones; with --all, --state or --parent others too. */
static bool read_states(const struct args *args, unsigned *states, struct err *err) {
	const char *text = opt(args, OPT_STATE);
	unsigned frame = QUEUE_ALL;

	if (!opt_exclusive(args, OPT_OPEN, OPT_ALL, err)) {
		return false;
	}
	if (opt_given(args, OPT_OPEN) ||
	    (text == NULL && !opt_given(args, OPT_ALL) && !opt_given(args, OPT_PARENT))) {
		frame = QUEUE_OPEN;
	}
	*states = frame;
	if (!opt_states(args, OPT_STATE, command_state_names, groups, states, err)) {
		return false;
	}
	if ((*states & frame) == 0) {
		return err_set(err, ERR_INVALID_INPUT, "--state %s: not together with --open", text);
	}
	*states &= frame;
	return true;
}

static bool read_target(struct run *run, struct queue_ask *ask, struct err *err) {
	const char *text = opt(run->args, OPT_TARGET);
	enum target_kind kind = TARGET_ANY;

	if (text == NULL) {
		return true;
	}
	if (!lookup_target(run, text, TARGET_ANY, &kind, &ask->target_id, err)) {
		return opt_blame(OPT_TARGET, err);
	}
	ask->kind = target_kind_names[kind];
	return true;
}

static bool read_parent(struct run *run, struct queue_ask *ask, struct err *err) {
	const char *text = opt(run->args, OPT_PARENT);
	enum target_kind kind;

	return text == NULL || lookup_target(run, text, TARGET_COMMAND, &kind, &ask->parent, err) ||
	       opt_blame(OPT_PARENT, err);
}

static bool run_queue_list(struct run *run, struct err *err) {
	const struct args *args = run->args;
	struct queue_ask ask = {0};
	struct batch *b = batch_new(BATCH_READ);
	bool ok = read_states(args, &ask.states, err) &&
		  opt_int(args, OPT_LIMIT, 1, INT64_MAX, LIMIT, &ask.limit, err) &&
		  opt_int(args, OPT_AFTER, 1, INT64_MAX, 0, &ask.after, err) && read_target(run, &ask, err) &&
		  read_parent(run, &ask, err);

	if (ok) {
		queue_list_add(b, &ask);
		ok = run_batch(run, b, err) && run_list(run, &command_shape, b, 0, err);
	}
	batch_free(b);
	return ok;
}

/* An item that was retried, skipped or forced well since is counted as applied. */
static bool counts_as_failed(const struct command *item) {
	return item->state == COMMAND_QUARANTINED ||
	       (item->outcome != NULL && strcmp(item->outcome, "failed") == 0 &&
		   id_is_nil(item->made_good_by));
}

/* The items that the bulk counts as failed. */
static void add_failures(struct record *record, const struct batch *b, size_t step) {
	struct command *items = mem_new(batch_count(b, step), sizeof *items);
	size_t n = 0;

	for (size_t i = 0; i < batch_count(b, step); i++) {
		const struct command *item = batch_row(b, step, i);

		if (counts_as_failed(item)) {
			items[n++] = *item;
		}
	}
	record_list(record, "failures", &command_shape, rows_of_array(items, sizeof *items, n));
	free(items);
}

/* A bulk with those of its items that failed. */
static bool print_command(struct run *run, const struct command *c, struct err *err) {
	const struct queue_ask ask = {
	    .parent = c->id, .states = 1U << COMMAND_QUARANTINED | 1U << COMMAND_DONE};
	struct batch *b = batch_new(BATCH_READ);
	struct record *record = record_new();
	bool ok = true;

	record_row(record, &command_shape, c);
	if (c->bulk && c->failed == 0) {
		record_list(record, "failures", &command_shape, rows_of_array(NULL, 0, 0));
	} else if (c->bulk) {
		queue_list_add(b, &ask);
		ok = run_batch(run, b, err);
		if (ok) {
			add_failures(record, b, 0);
		}
	}
	if (ok) {
		ok = record_print(record, &run->sink, err);
	} else {
		record_free(record);
	}
	batch_free(b);
	return ok;
}

static bool run_queue_show(struct run *run, struct err *err) {
	const char *text = operand(run->args, 0);
	struct batch *b = batch_new(BATCH_READ);
	struct target target;
	bool ok = target_parse(text, TARGET_COMMAND, &target, err);

	if (ok) {
		queue_show_add(b, target.id);
		ok = run_batch(run, b, err) &&
		     (batch_count(b, 0) > 0 || lookup_not_found(TARGET_COMMAND, text, err)) &&
		     print_command(run, batch_row(b, 0, 0), err);
	}
	batch_free(b);
	return ok;
}

static bool add_cancel(struct run *run, struct batch *b, struct err *err) {
	const char *reason = opt_given(run->args, OPT_REASON) ? opt(run->args, OPT_REASON) : "";
	struct target target;
	struct id id;
	bool ok = target_parse(operand(run->args, 0), TARGET_COMMAND, &target, err) &&
		  text_check("reason", reason, QUEUE_REASON_CHARS, err) &&
		  opt_id(run->args, OPT_ID, &id, err);

	if (ok) {
		char *detail = context_text(NULL);

		queue_cancel_add(b, target.id, reason, detail);
		free(detail);
	}
	return ok;
}

static bool answer_cancel(struct run *run, const struct batch *b, struct err *err) {
	return run_one(run, &command_shape, b, run->step, err);
}

static bool add_retry(struct run *run, struct batch *b, struct err *err) {
	return request_add(run, b, QUEUE_RETRY, TARGET_COMMAND, err);
}

static bool add_skip(struct run *run, struct batch *b, struct err *err) {
	return request_add(run, b, QUEUE_SKIP, TARGET_COMMAND, err);
}

static bool add_force(struct run *run, struct batch *b, struct err *err) {
	return request_add(run, b, QUEUE_FORCE, TARGET_COMMAND, err);
}

static bool run_queue_stats(struct run *run, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	size_t step = queue_stats_add(b);
	bool ok = run_batch(run, b, err) && run_one(run, &queue_stats_shape, b, step, err);

	batch_free(b);
	return ok;
}

static bool run_worker_list(struct run *run, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	size_t step = worker_list_add(b);
	bool ok = run_batch(run, b, err) && run_list(run, &worker_shape, b, step, err);

	batch_free(b);
	return ok;
}

const struct verb command_queue_list = {
    .words = "queue list",
    .synopsis = "",
    .summary = "list commands, newest first; open ones by default",
    .notes = "--parent lists all items of a bulk. --after takes the seq of the last row.\n",
    .options = (const enum option_id[]){OPT_OPEN, OPT_ALL, OPT_STATE, OPT_TARGET, OPT_PARENT, OPT_LIMIT,
	OPT_AFTER, OPT_END},
    .run = run_queue_list,
};
const struct verb command_queue_show = {
    .words = "queue show",
    .synopsis = "ID",
    .summary = "show one command; of a bulk with the items that failed",
    .min = 1,
    .max = 1,
    .run = run_queue_show,
};
const struct verb command_queue_cancel = {
    .words = "queue cancel",
    .synopsis = "ID",
    .summary = "take back a command that has not begun, or the rest of a bulk",
    .notes = "Cancelled once more it stays as it is.\n",
    .min = 1,
    .max = 1,
    .flags = VERB_MUTATES,
    .run = mutation_run,
    .add = add_cancel,
    .answer = answer_cancel,
};
const struct verb command_queue_retry = {
    .words = "queue retry",
    .synopsis = "ID",
    .summary = "run the hook of a quarantined command again",
    .notes = REQUEST_NOTES,
    .min = 1,
    .max = 1,
    .flags = VERB_MUTATES | VERB_QUEUES,
    .run = mutation_run,
    .add = add_retry,
    .answer = request_answer,
};
const struct verb command_queue_skip = {
    .words = "queue skip",
    .synopsis = "ID",
    .summary = "go on as if the hook of a quarantined command had succeeded",
    .notes = REQUEST_NOTES,
    .min = 1,
    .max = 1,
    .flags = VERB_MUTATES | VERB_QUEUES,
    .run = mutation_run,
    .add = add_skip,
    .answer = request_answer,
};
const struct verb command_queue_force = {
    .words = "queue force",
    .synopsis = "ID",
    .summary = "end the lease of a quarantined command at once: no hook, no reuse delay",
    .notes = REQUEST_NOTES,
    .min = 1,
    .max = 1,
    .flags = VERB_MUTATES | VERB_QUEUES,
    .run = mutation_run,
    .add = add_force,
    .answer = request_answer,
};
const struct verb command_queue_stats = {
    .words = "queue stats",
    .synopsis = "",
    .summary = "how much is in the queue, how old, and how fast it goes",
    .run = run_queue_stats,
};
const struct verb command_worker_list = {
    .words = "worker list",
    .synopsis = "",
    .summary = "list workers, what they run and since when",
    .run = run_worker_list,
};
