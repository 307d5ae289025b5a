#include "ui/verbs/verb.h"

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/syntax/name.h"
#include "model/syntax/value.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/context.h"
#include "ui/cli/differs.h"
#include "ui/cli/record.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/cli/wait.h"
#include "ui/cli/waiting.h"

enum { COUNT_MAX = 10000, PRIORITY_MAX = 1000000 };

/* The steps that show one lease, also when added after the step of its allocation. */
enum { STEP_LEASE, STEP_WAITING };

static bool read_end(const struct args *args, struct allocate *ask, struct err *err) {
	if (!opt_exclusive(args, OPT_UNTIL, OPT_FOR, err) || !opt_end(args, OPT_UNTIL, &ask->until, err) ||
	    !opt_duration(args, OPT_FOR, 0, &ask->duration, err)) {
		return false;
	}
	if (opt_given(args, OPT_FOR) && ask->duration == 0) {
		return err_set(err, ERR_INVALID_INPUT, "--for %s: must be longer than 0", opt(args, OPT_FOR));
	}
	return true;
}

/* Refuses to wait for several leases, or for a certain value. */
static bool check_apart(const struct args *args, const struct allocate *ask, struct err *err) {
	if (ask->count > 1 && !opt_exclusive(args, OPT_COUNT, OPT_VALUE, err)) {
		return false;
	}
	return opt_exclusive(args, OPT_WAIT, OPT_VALUE, err) &&
	       (ask->count == 1 || opt_exclusive(args, OPT_WAIT, OPT_COUNT, err));
}

static bool read_allocate(struct run *run, struct allocate *ask, struct err *err) {
	const struct args *args = run->args;

	ask->pool = target_name("pool", operand(args, 0));
	ask->holder = opt(args, OPT_HOLDER);
	ask->by_value = opt_given(args, OPT_VALUE);
	ask->wait = opt_given(args, OPT_WAIT);
	if (!name_check("pool", ask->pool, err) ||
	    (ask->holder != NULL && !text_check("holder", ask->holder, LEASE_HOLDER_CHARS, err)) ||
	    !opt_int(args, OPT_COUNT, 1, COUNT_MAX, 1, &ask->count, err) ||
	    !opt_int(args, OPT_PRIORITY, -PRIORITY_MAX, PRIORITY_MAX, LEASE_PRIORITY_UNSAID, &ask->priority,
		err) ||
	    !read_end(args, ask, err) || !opt_project(args, &ask->project, err) || !wait_check(run, err) ||
	    (ask->by_value && !opt_unit(args, OPT_VALUE, &ask->unit, err))) {
		return false;
	}
	return check_apart(args, ask, err) && run_id(run, &ask->id, err);
}

/* Explains an end in the past. Only the server decides that: an earlier allocation is replayed all the
 * same. */
static void explain_end(struct run *run, struct err *err) {
	const char *until = opt(run->args, OPT_UNTIL);

	if (err->code == ERR_INVALID_INPUT && err->constraint != NULL && until != NULL) {
		free(err->message);
		err->message = mem_print("--until %s is in the past", until);
	}
}

static bool has_place(const void *row) {
	return ((const struct lease *)row)->state != LEASE_PENDING;
}

static size_t look_add(struct batch *b, struct id id) {
	size_t step = lease_show_add(b, id);

	lease_waiting_add(b, id);
	return step;
}

static bool print(
    struct run *run, const struct lease *lease, const struct waiting *waiting, struct err *err) {
	struct record *record = record_new();

	record_row(record, &lease_allocated_shape, lease);
	if (waiting != NULL) {
		waiting_put(record, waiting);
	}
	return record_print(record, &run->sink, err);
}

/* Returns the answer of the step after the lease's. */
static const struct waiting *waiting_of(const struct batch *b, size_t lease) {
	size_t step = lease + STEP_WAITING;

	return batch_count(b, step) > 0 ? batch_row(b, step, 0) : NULL;
}

/* Prints a lease that was pending before, after reading why it waits. When that cannot be read, the lease
 * alone is the answer. */
static bool look_and_print(struct run *run, const struct lease *lease, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	struct err ignored = {0};
	bool ok;

	look_add(b, lease->id);
	ok = print(run, lease,
	    run->conn != NULL && conn_run(run->conn, b, run->deadline, &ignored) ? waiting_of(b, 0) : NULL,
	    err);
	err_release(&ignored);
	batch_free(b);
	return ok;
}

static bool conclude(const struct run *run, const struct lease *lease, bool over, struct err *err) {
	char id[ID_TEXT];

	(void)id_text(lease->id, id);
	if (!over) {
		char *limit = wait_limit(run);

		err_set(err, ERR_TIMEOUT, "lease %s: still pending after %s", id, limit);
		free(limit);
		return err_hint(err, "it stays in the line; to continue to wait, repeat it with --id %s", id);
	}
	if (lease->state == LEASE_DESTROYED && !lease->held) {
		return err_set(err, ERR_CONFLICT, "lease %s: it was released while it waited", id);
	}
	return true;
}

/* Returns true when a worker with hooks is needed: a lease that keeps the value too long may have a hook to
 * run. */
static bool takes_hook(const struct batch *look) {
	const struct waiting *waiting = waiting_of(look, STEP_LEASE);

	return waiting != NULL && waiting->hook;
}

static bool wait_and_print(
    struct run *run, const struct lease *asked, const struct batch *first, struct err *err) {
	const struct watch watch = {
	    .id = asked->id, .add = look_add, .is_over = has_place, .takes_hook = takes_hook};
	struct lease lease = *asked;
	struct batch *last = NULL;
	bool over = false;
	bool ok = wait_for(run, &watch, &last, &over, err);

	if (ok) {
		const struct batch *b = last == NULL ? first : last;

		lease = *(const struct lease *)batch_row(b, STEP_LEASE, 0);
		lease.replayed = asked->replayed;
		lease.differs = asked->differs;
		ok = print(run, &lease, waiting_of(b, STEP_LEASE), err) && conclude(run, &lease, over, err);
	}
	batch_free(last);
	return ok;
}

static bool answer_allocate(struct run *run, const struct batch *b, struct err *err) {
	const struct lease *lease = batch_row(b, run->step, 0);
	bool asked = opt_given(run->args, OPT_WAIT);

	differs_note(run, "lease", lease->id, lease->differs);
	if (batch_count(b, run->step) > 1) {
		return run_list(run, &lease_allocated_shape, b, run->step, err);
	}
	if (lease->state == LEASE_PENDING && wait_requested(run)) {
		return wait_and_print(run, lease, b, err);
	}
	if (lease->state == LEASE_PENDING && !asked) {
		return look_and_print(run, lease, err);
	}
	return print(run, lease, asked ? waiting_of(b, run->step) : NULL, err);
}

static bool add_allocate(struct run *run, struct batch *b, struct err *err) {
	struct allocate ask = {0};
	struct buf labels = {0};
	char *detail = NULL;
	bool ok = read_allocate(run, &ask, err) && opt_labels(run->args, &labels, err) &&
		  context_read(run->args, &detail, err);

	if (ok) {
		ask.detail = detail;
		ask.labels = labels.len == 0 ? NULL : buf_text(&labels);
		lease_allocate_add(b, &ask);
		if (ask.wait) {
			lease_waiting_add(b, ask.id);
		}
	}
	buf_release(&labels);
	free(detail);
	return ok;
}

const struct verb allocate_verbs[] = {
    {
	.words = "allocate",
	.examples = "berth allocate web --holder vm17 --for 7d\n"
		    "berth allocate web --value 10.0.0.9 --label env=prod\n"
		    "berth allocate sites --value 2001:db8:0:5::/64\n",
	.synopsis = "POOL",
	.summary = "take a value from a pool; the same --id gives the same lease",
	.notes = "Without --value it takes the lowest free value, of a pool of blocks the lowest block.\n"
		 "With --count it takes all or none; the ids of the others are derived from the first.\n"
		 "With --wait it waits in line when the pool is exhausted, by --priority, then age. After a\n"
		 "timeout (exit 8) it stays in line, and the same --id continues to wait. --wait=0s returns\n"
		 "at once.\n"
		 "--until never sets no end, whatever the TTL of the pool.\n"
		 "With --project the lease belongs to that project and counts against its limit; the pools\n"
		 "of a project serve that project only.\n",
	.texts = (const struct option_text[]){{OPT_FOR, "DUR", "how long it lasts once it holds its value"},
	    {OPT_PROJECT, "ORG/NAME", "the project that the lease counts for"}, {OPT_END}},
	.options = (const enum option_id[]){OPT_COUNT, OPT_VALUE, OPT_HOLDER, OPT_PROJECT, OPT_UNTIL, OPT_FOR,
	    OPT_PRIORITY, OPT_LABEL, OPT_WAIT, OPT_END},
	.repeated = (const enum option_id[]){OPT_LABEL, OPT_END},
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES,
	.add = add_allocate,
	.answer = answer_allocate,
	.explain = explain_end,
    },
    {0},
};
