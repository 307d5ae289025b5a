#include "ui/cli/families.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch.h"
#include "db/clock.h"
#include "db/err.h"
#include "db/id.h"
#include "db/mem.h"
#include "model/lease.h"
#include "model/name.h"
#include "model/pool.h"
#include "model/value.h"
#include "ui/cli/args.h"
#include "ui/cli/detail.h"
#include "ui/cli/doc.h"
#include "ui/cli/opt.h"
#include "ui/cli/run.h"
#include "ui/cli/shapes.h"

enum { COUNT_MAX = 10000, PRIORITY_MAX = 1000000, LIMIT = 100 };

static bool read_value(
    const struct args *args, enum kind *kind, u128 *value, char host[HOST_TEXT], struct err *err) {
	return value_guess(opt(args, OPT_VALUE), kind, value, host, err) || opt_blame(OPT_VALUE, err);
}

static bool read_end(const struct args *args, struct allocate *ask, struct err *err) {
	if (!opt_exclusive(args, OPT_UNTIL, OPT_FOR, err) ||
	    !opt_instant(args, OPT_UNTIL, &ask->until, err) ||
	    !opt_duration(args, OPT_FOR, 0, &ask->duration, err)) {
		return false;
	}
	if (opt_given(args, OPT_FOR) && ask->duration == 0) {
		return err_set(
		    err, ERR_INVALID_INPUT, "--for %s: a lease must last longer", opt(args, OPT_FOR));
	}
	return true;
}

static bool read_allocate(struct run *run, struct allocate *ask, char host[HOST_TEXT], struct err *err) {
	const struct args *args = run->args;

	ask->pool = target_name("pool", operand(args, 0));
	ask->holder = opt_given(args, OPT_HOLDER) ? opt(args, OPT_HOLDER) : "";
	ask->host = host;
	ask->by_value = opt_given(args, OPT_VALUE);
	if (!name_check("pool", ask->pool, err) ||
	    !text_check("holder", ask->holder, LEASE_HOLDER_CHARS, err) ||
	    !opt_int(args, OPT_COUNT, 1, COUNT_MAX, 1, &ask->count, err) ||
	    !opt_int(args, OPT_PRIORITY, -PRIORITY_MAX, PRIORITY_MAX, 0, &ask->priority, err) ||
	    !read_end(args, ask, err) ||
	    (ask->by_value && !read_value(args, &ask->kind, &ask->value, host, err))) {
		return false;
	}
	return (ask->count == 1 || opt_exclusive(args, OPT_COUNT, OPT_VALUE, err)) &&
	       run_id(run, &ask->id, err);
}

/* Only the server judges it: a request that was granted before is granted still. */
static bool name_end(const struct args *args, struct err *err) {
	if (err->code == ERR_INVALID_INPUT && err->constraint != NULL && opt_given(args, OPT_UNTIL)) {
		free(err->message);
		err->message = mem_print("--until %s is in the past", opt(args, OPT_UNTIL));
	}
	return false;
}

static bool run_allocate(struct run *run, struct err *err) {
	struct allocate ask = {0};
	char host[HOST_TEXT] = "";
	char *detail = NULL;
	struct batch *b = run_changes(run);
	bool ok = read_allocate(run, &ask, host, err) && detail_of(run->args, &detail, err);

	if (ok) {
		ask.detail = detail;
		lease_allocate_add(b, &ask);
		ok = (run_batch(run, b, err) || name_end(run->args, err)) &&
		     (ask.count > 1 ? run_list(run, &lease_allocated_shape, b, 0, err)
				    : run_one(run, &lease_allocated_shape, b, 0, err));
	}
	batch_free(b);
	free(detail);
	return ok;
}

static bool find_state(const char *word, size_t n, unsigned *states) {
	static const struct {
		const char *word;
		unsigned states;
	} groups[] = {{"live", LEASE_LIVE}, {"all", LEASE_LIVE | 1U << LEASE_DESTROYED}};

	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		if (strlen(groups[i].word) == n && memcmp(groups[i].word, word, n) == 0) {
			*states |= groups[i].states;
			return true;
		}
	}
	for (unsigned i = 0; lease_state_names[i] != NULL; i++) {
		if (strlen(lease_state_names[i]) == n && memcmp(lease_state_names[i], word, n) == 0) {
			*states |= 1U << i;
			return true;
		}
	}
	return false;
}

/* "active,broken", "live", "all". */
static bool read_states(const struct args *args, unsigned *states, struct err *err) {
	const char *text = opt(args, OPT_STATE);

	*states = 0;
	for (const char *p = text; p != NULL;) {
		size_t n = strcspn(p, ",");

		if (!find_state(p, n, states)) {
			return err_set(err, ERR_INVALID_INPUT,
			    "--state %s: the states are pending, acquired, active, released, destroyed, "
			    "broken, live, all",
			    text);
		}
		p = p[n] == ',' ? p + n + 1 : NULL;
	}
	return true;
}

static bool read_list(const struct run *run, struct lease_ask *ask, char host[HOST_TEXT], struct err *err) {
	const struct args *args = run->args;

	ask->pool = target_name("pool", opt(args, OPT_POOL));
	ask->holder = opt(args, OPT_HOLDER);
	ask->host = host;
	ask->by_value = opt_given(args, OPT_VALUE);
	if ((ask->pool != NULL && !name_check("pool", ask->pool, err)) ||
	    !read_states(args, &ask->states, err) || !opt_instant(args, OPT_AT, &ask->at, err) ||
	    !opt_int(args, OPT_LIMIT, 1, INT64_MAX, LIMIT, &ask->limit, err) ||
	    (ask->by_value && !read_value(args, &ask->kind, &ask->value, host, err))) {
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

static bool run_lease_list(struct run *run, struct err *err) {
	struct lease_ask ask = {0};
	char host[HOST_TEXT] = "";
	struct batch *b = batch_new(BATCH_READ);
	bool ok = read_list(run, &ask, host, err) && find_after(run, &ask, err);

	if (ok) {
		struct lease_ask sent = ask;

		sent.limit = ask.by_value ? 0 : ask.limit;
		size_t list = lease_list_add(b, &sent);

		if (ask.pool != NULL) {
			pool_show_add(b, ask.pool);
		}
		ok = run_batch(run, b, err) &&
		     (ask.pool == NULL || batch_count(b, list + 1) > 0 || run_no_pool(ask.pool, err)) &&
		     print_leases(run, &ask, b, list, err);
	}
	batch_free(b);
	return ok;
}

static bool run_lease_show(struct run *run, struct err *err) {
	const char *target = operand(run->args, 0);
	const char *text = target_name("lease", target);
	struct batch *b = batch_new(BATCH_READ);
	struct id id;
	bool ok = id_parse(text, &id) || err_set(err, ERR_INVALID_INPUT, "lease %s: not a UUID", target);

	if (ok) {
		size_t lease = lease_show_add(b, id);
		size_t history = lease_history_add(b, id);

		ok = run_batch(run, b, err) &&
		     (batch_count(b, lease) > 0 ||
			 err_set(err, ERR_NOT_FOUND, "lease %s does not exist", text));
		if (ok) {
			struct doc *doc = doc_new();

			doc_row(doc, &lease_shape, batch_row(b, lease, 0));
			doc_list(doc, "history", &event_shape, rows_of_step(b, history));
			ok = doc_print(doc, &run->sink, err);
		}
	}
	batch_free(b);
	return ok;
}

const struct command command_allocate = {
    .words = "allocate",
    .synopsis = "POOL",
    .summary = "take a value from a pool; the same --id gives the same lease",
    .notes = "Without --value the lowest free one. With --count all are taken or none; the ids\n"
	     "of the others are derived from the first.\n",
    .options =
	(const enum option_id[]){OPT_COUNT, OPT_VALUE, OPT_HOLDER, OPT_UNTIL, OPT_FOR, OPT_PRIORITY, OPT_END},
    .min = 1,
    .max = 1,
    .flags = COMMAND_MUTATES | COMMAND_BATCH,
    .run = run_allocate,
};
const struct command command_lease_list = {
    .words = "lease list",
    .synopsis = "",
    .summary = "list leases, newest first; live ones by default",
    .notes = "--after takes the id of the last row. --value with --at answers who held it then.\n",
    .options = (const enum option_id[]){OPT_POOL, OPT_STATE, OPT_HOLDER, OPT_VALUE, OPT_AT, OPT_LIMIT,
	OPT_AFTER, OPT_END},
    .run = run_lease_list,
};
const struct command command_lease_show = {
    .words = "lease show",
    .synopsis = "ID",
    .summary = "show one lease with its history",
    .min = 1,
    .max = 1,
    .run = run_lease_show,
};
