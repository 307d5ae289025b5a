#include "ui/verbs/verb.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "model/order.h"
#include "model/queue.h"
#include "model/worker.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/bulk.h"
#include "ui/verbs/bulk.h"
#include "ui/cli/context.h"
#include "ui/cli/record.h"
#include "ui/cli/lookup.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/cli/request.h"

enum { LIMIT = 100 };

static const struct state_group groups[] = {{"open", QUEUE_OPEN}, {"all", QUEUE_ALL}, {NULL, 0}};

/* Reads the states: the open ones; with --all, --state or --parent others too. */
static bool read_states(const struct args *args, unsigned *states, struct err *err) {
	const char *text = opt(args, OPT_STATE);
	bool others = text != NULL || opt_given(args, OPT_ALL) || opt_given(args, OPT_PARENT);
	unsigned frame = opt_given(args, OPT_OPEN) || !others ? QUEUE_OPEN : QUEUE_ALL;

	if (!opt_exclusive(args, OPT_OPEN, OPT_ALL, err)) {
		return false;
	}
	*states = frame;
	if (!opt_states(args, OPT_STATE, states, err)) {
		return false;
	}
	if ((*states & frame) == 0) {
		return err_set(err, ERR_INVALID_INPUT, "--state %s: not together with --open", text);
	}
	*states &= frame;
	return true;
}

/* Looks up the target and the bulk, and the command that a sorted list goes on after. */
static bool look_list(struct run *run, struct batch *b, struct err *err) {
	const char *target = opt(run->args, OPT_TARGET);
	const char *parent = opt(run->args, OPT_PARENT);
	int64_t after;

	if (!opt_int(run->args, OPT_AFTER, 1, INT64_MAX, 0, &after, err) ||
	    (target != NULL && !lookup_add(b, target, TARGET_ANY, err) && !opt_blame(OPT_TARGET, err)) ||
	    (parent != NULL && !lookup_add(b, parent, TARGET_COMMAND, err) && !opt_blame(OPT_PARENT, err))) {
		return false;
	}
	if (after > 0 && opt_sorted(run->args, queue_sort_names)) {
		queue_at_add(b, after);
	}
	return true;
}

/* Reads the command that a sorted list goes on after, the last step of look_list(), as text. */
static bool read_after(const struct run *run, int64_t after, struct buf *row, struct err *err) {
	size_t step;

	if (after == 0 || !opt_sorted(run->args, queue_sort_names)) {
		return true;
	}
	step = batch_steps(run->found) - 1;
	if (batch_count(run->found, step) == 0) {
		return err_set(
		    err, ERR_NOT_FOUND, "--after %s: no command has this seq", opt(run->args, OPT_AFTER));
	}
	order_row(&row_command, batch_row(run->found, step, 0), row);
	return true;
}

/* Reads the answer to look_list(). */
static bool read_found(struct run *run, struct queue_ask *ask, struct err *err) {
	const char *target = opt(run->args, OPT_TARGET);
	const char *parent = opt(run->args, OPT_PARENT);
	enum target_kind kind = TARGET_ANY;
	size_t step = 0;

	if (target != NULL) {
		if (!lookup_found(run, step++, target, TARGET_ANY, &kind, &ask->target_id, err)) {
			return opt_blame(OPT_TARGET, err);
		}
		ask->kind = target_kind_names[kind];
	}
	return parent == NULL || lookup_found(run, step, parent, TARGET_COMMAND, &kind, &ask->parent, err) ||
	       opt_blame(OPT_PARENT, err);
}

static bool add_list(struct run *run, struct batch *b, struct err *err) {
	const struct args *args = run->args;
	struct row_filter filter = {0};
	struct order order = {.reverse = opt_given(args, OPT_REVERSE)};
	struct queue_ask ask = {.filter = &filter, .order = &order};
	struct buf after = {0};
	int sort;

	bool ok = read_states(args, &ask.states, err) &&
		  opt_enum(args, OPT_SORT, queue_sort_names, QUEUE_BY_BIRTH, &sort, err) &&
		  opt_int(args, OPT_LIMIT, 1, INT64_MAX, LIMIT, &ask.limit, err) &&
		  opt_int(args, OPT_AFTER, 1, INT64_MAX, 0, &ask.after, err) && read_found(run, &ask, err) &&
		  opt_filter(args, &filter, err) && read_after(run, ask.after, &after, err);

	if (ok) {
		order.after = after.len > 0 ? buf_text(&after) : NULL;
		ask.sort = (enum queue_sort)sort;
		queue_list_add(b, &ask);
	}
	buf_release(&after);
	row_filter_release(&filter);
	return ok;
}

static bool answer_list(struct run *run, const struct batch *b, struct err *err) {
	return run_list(run, &command_shape, b, run->step, err);
}

/* Returns whether the bulk counts the item as failed; one retried, skipped or forced with success counts as
 * applied. */
static bool counts_as_failed(const struct command *item) {
	return item->state == COMMAND_QUARANTINED ||
	       (item->outcome != NULL && strcmp(item->outcome, "failed") == 0 &&
		   id_is_nil(item->made_good_by));
}

/* The steps of a command's batch. */
enum { STEP_COMMAND, STEP_ITEMS };

/* Adds the items that the bulk counts as failed. */
static void put_failures(struct record *record, const struct batch *b) {
	size_t count = batch_steps(b) > STEP_ITEMS ? batch_count(b, STEP_ITEMS) : 0;
	struct command *items = mem_new(count, sizeof *items);
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct command *item = batch_row(b, STEP_ITEMS, i);

		if (counts_as_failed(item)) {
			items[n++] = *item;
		}
	}
	record_list(record, "failures", &command_shape, rows_of_array(items, sizeof *items, n));
	free(items);
}

static bool look_show(struct run *run, struct batch *b, struct err *err) {
	return lookup_add(b, operand(run->args, 0), TARGET_COMMAND, err);
}

/* Adds the steps; a bulk is shown with its failed items. */
static bool add_show(struct run *run, struct batch *b, struct err *err) {
	struct queue_ask items = {.states = 1U << COMMAND_QUARANTINED | 1U << COMMAND_DONE};
	enum target_kind kind;
	const struct command *c;

	if (!lookup_found(run, 0, operand(run->args, 0), TARGET_COMMAND, &kind, &items.parent, err) ||
	    !look_show(run, b, err)) {
		return false;
	}
	c = batch_row(run->found, 0, 0);
	if (c->bulk && c->failed > 0) {
		queue_list_add(b, &items);
	}
	return true;
}

static bool answer_show(struct run *run, const struct batch *b, struct err *err) {
	const struct command *c;
	struct record *record;

	if (batch_count(b, STEP_COMMAND) == 0) {
		return lookup_not_found(TARGET_COMMAND, operand(run->args, 0), err);
	}
	c = batch_row(b, STEP_COMMAND, 0);
	record = record_new();
	record_row(record, &command_shape, c);
	if (c->bulk) {
		put_failures(record, b);
	}
	return record_print(record, &run->sink, err);
}

/* Reads the operands as ids, each once. Returns their number, 0 for one that is wrong. */
static size_t read_ids(const struct args *args, struct id *ids, struct err *err) {
	size_t count = 0;

	for (size_t i = 0; i < args->count; i++) {
		struct target target;
		size_t known = 0;

		if (!target_parse(args->operands[i], TARGET_COMMAND, &target, err)) {
			return 0;
		}
		while (known < count && !id_equal(ids[known], target.id)) {
			known++;
		}
		ids[known] = target.id;
		count += known == count;
	}
	return count;
}

/* A batch is done or not as a whole, and a cancellation of several may be done in part. */
static bool check_line(const struct run *run, struct err *err) {
	return run->line == 0 || run->args->count == 1 ||
	       err_set(err, ERR_INVALID_INPUT, "queue cancel: in a batch one command on each line");
}

static bool add_cancel(struct run *run, struct batch *b, struct err *err) {
	const char *reason = opt_given(run->args, OPT_REASON) ? opt(run->args, OPT_REASON) : "";
	struct id *ids = mem_new(run->args->count, sizeof *ids);
	size_t count = read_ids(run->args, ids, err);
	struct id id;
	bool ok = count > 0 && text_check("reason", reason, QUEUE_REASON_CHARS, err) &&
		  opt_id(run->args, OPT_ID, &id, err) && check_line(run, err);

	if (ok) {
		char *detail = context_text(NULL);

		if (run->args->count == 1) {
			queue_cancel_add(b, ids[0], reason, detail);
		} else {
			queue_cancel_all_add(b, ids, count, reason, detail);
		}
		free(detail);
	}
	free(ids);
	return ok;
}

/* Sets the error for those that could not be cancelled, if there are any. */
static bool conclude_cancel(const struct batch *b, size_t step, struct err *err) {
	const struct command *first = NULL;
	size_t left = 0;
	char id[ID_TEXT];

	for (size_t i = 0; i < batch_count(b, step); i++) {
		const struct command *c = batch_row(b, step, i);

		if (c->state != COMMAND_CANCELLED) {
			first = first == NULL ? c : first;
			left++;
		}
	}
	return left == 0 ||
	       err_set(err, ERR_CONFLICT, "%zu of %zu commands cannot be cancelled: command %s is %s", left,
		   batch_count(b, step), id_text(first->id, id), command_state_names[first->state]);
}

static bool answer_cancel(struct run *run, const struct batch *b, struct err *err) {
	return run->args->count == 1
		   ? run_one(run, &command_shape, b, run->step, err)
		   : run_list(run, &command_shape, b, run->step, err) && conclude_cancel(b, run->step, err);
}

static bool add_stats(struct run *run, struct batch *b, struct err *err) {
	(void)run;
	(void)err;
	queue_stats_add(b);
	return true;
}

static bool answer_stats(struct run *run, const struct batch *b, struct err *err) {
	return run_one(run, &queue_stats_shape, b, run->step, err);
}

static bool add_workers(struct run *run, struct batch *b, struct err *err) {
	(void)run;
	(void)err;
	worker_list_add(b);
	return true;
}

static bool answer_workers(struct run *run, const struct batch *b, struct err *err) {
	return run_list(run, &worker_shape, b, run->step, err);
}

const struct verb queue_verbs[] = {
    {
	.words = "queue list",
	.examples = "berth queue list --all --limit 20\n"
		    "berth queue list --target pool/web\n"
		    "berth queue list --filter 'state=stuck tries>2'\n"
		    "berth queue list --sort urgent --limit 10\n",
	.synopsis = "",
	.summary = "list commands, newest first; open ones by default",
	.notes = "--parent lists all items of a bulk. --after takes the seq of the last row, in the same "
		 "order.\nurgent is what needs a person, then what has waited longest.\n",
	.texts =
	    (const struct option_text[]){
		{OPT_STATE, "S,…", "only those in these states; open and all are groups of them",
		    command_state_names, groups},
		{OPT_ALL, NULL, "also those that have ended"},
		{OPT_AFTER, "SEQ", "continue after the command with this seq"},
		{OPT_SORT, "BY", "newest, urgent, state, action, target, by, lag, tries, next or outcome",
		    queue_sort_names},
		{OPT_END}},
	.options = (const enum option_id[]){OPT_OPEN, OPT_ALL, OPT_STATE, OPT_FILTER, OPT_TARGET, OPT_PARENT,
	    OPT_SORT, OPT_REVERSE, OPT_LIMIT, OPT_AFTER, OPT_END},
	.rows = FILTER_COMMANDS,
	.look = look_list,
	.add = add_list,
	.answer = answer_list,
    },
    {
	.words = "queue show",
	.examples = "berth queue show 4f2c0a91-0000-4000-8000-00000000000a\n",
	.synopsis = "ID",
	.summary = "show one command, and the failed items of a bulk",
	.min = 1,
	.max = 1,
	.look = look_show,
	.add = add_show,
	.answer = answer_show,
    },
    {
	.words = "queue cancel",
	.examples = "berth queue cancel 4f2c0a91-0000-4000-8000-00000000000a\n",
	.synopsis = "ID…",
	.summary = "cancel commands that have not begun, or the rest of bulks",
	.notes =
	    "Cancelling one again changes nothing. Of several those are cancelled that can be, at once;\n"
	    "the answer is all of them as they are then, and the exit code 5 if one could not be.\n",
	.min = 1,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES,
	.add = add_cancel,
	.answer = answer_cancel,
    },
    {
	.words = "queue retry",
	.examples = "berth queue retry 4f2c0a91-0000-4000-8000-00000000000a --wait\n",
	.synopsis = "ID…",
	.summary = "run the hooks of quarantined commands again",
	.notes = BULK_NOTES REQUEST_NOTES,
	.options = (const enum option_id[]){OPT_YES, OPT_END},
	.min = 1,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_QUEUES,
	.request = bulk_request,
	.add = bulk_add,
	.answer = request_answer,
    },
    {
	.words = "queue skip",
	.examples = "berth queue skip 4f2c0a91-0000-4000-8000-00000000000a\n",
	.synopsis = "ID…",
	.summary = "continue as if the hooks of quarantined commands had succeeded",
	.notes = BULK_NOTES REQUEST_NOTES,
	.options = (const enum option_id[]){OPT_YES, OPT_END},
	.min = 1,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_QUEUES,
	.request = bulk_request,
	.add = bulk_add,
	.answer = request_answer,
    },
    {
	.words = "queue force",
	.examples = "berth queue force 4f2c0a91-0000-4000-8000-00000000000a\n",
	.synopsis = "ID…",
	.summary = "end the leases of quarantined commands at once: no hook, no reuse delay",
	.notes = BULK_NOTES REQUEST_NOTES,
	.options = (const enum option_id[]){OPT_YES, OPT_END},
	.min = 1,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_QUEUES,
	.request = bulk_request,
	.add = bulk_add,
	.answer = request_answer,
    },
    {
	.words = "queue stats",
	.examples = "berth queue stats\n",
	.synopsis = "",
	.summary = "show the size, age and rate of the queue",
	.add = add_stats,
	.answer = answer_stats,
    },
    {
	.words = "worker list",
	.examples = "berth worker list\n",
	.synopsis = "",
	.summary = "list workers, what they run and since when",
	.add = add_workers,
	.answer = answer_workers,
    },
    {0},
};
