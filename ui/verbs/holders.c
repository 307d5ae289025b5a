#include "ui/verbs/verb.h"

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "model/holder.h"
#include "model/order.h"
#include "model/pool.h"
#include "model/syntax/name.h"
#include "model/syntax/target.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"

enum { LIMIT = 100 };

static bool read_ask(const struct args *args, struct holder_ask *ask, struct order *order, struct err *err) {
	int sort = opt_given(args, OPT_AFTER) ? HOLDER_BY_NAME : HOLDER_BY_LEASES;

	ask->pool = target_name("pool", opt(args, OPT_POOL));
	ask->after = opt(args, OPT_AFTER);
	if ((ask->pool != NULL && !name_check("pool", ask->pool, err)) ||
	    !opt_enum(args, OPT_SORT, holder_sort_names, sort, &sort, err) ||
	    !opt_int(args, OPT_LIMIT, 1, INT64_MAX, LIMIT, &ask->limit, err)) {
		return false;
	}
	if (ask->after != NULL && sort != HOLDER_BY_NAME) {
		return err_set(err, ERR_INVALID_INPUT, "--after: only in the order of names: --sort name");
	}
	order->reverse = opt_given(args, OPT_REVERSE);
	if (ask->after != NULL && order->reverse) {
		return err_set(err, ERR_INVALID_INPUT, "--after: not with --reverse");
	}
	ask->sort = (enum holder_sort)sort;
	ask->order = order;
	return true;
}

static bool add_holders(struct run *run, struct batch *b, struct err *err) {
	struct holder_ask ask = {0};
	struct order order = {0};

	if (!read_ask(run->args, &ask, &order, err)) {
		return false;
	}
	holder_list_add(b, &ask);
	if (ask.pool != NULL) {
		pool_show_add(b, ask.pool);
	}
	return true;
}

static bool answer_holders(struct run *run, const struct batch *b, struct err *err) {
	const char *pool = target_name("pool", opt(run->args, OPT_POOL));

	if (pool != NULL && batch_count(b, run->step + 1) == 0) {
		return run_no_pool(run, pool, err);
	}
	return run_list(run, &holder_shape, b, run->step, err);
}

const struct verb holder_verbs[] = {
    {
	.words = "lease holders",
	.examples = "berth lease holders --pool web\n"
		    "berth lease holders --sort idle --limit 10\n",
	.synopsis = "",
	.summary = "list who holds how many leases, the oldest, and the next to expire",
	.notes =
	    "The leases are the live ones, waiting ones included; most leases first. Up to 10,000 holders\n"
	    "are read. Counting ends after 100,000 leases: then LEASES is \">= N\" (JSON: more), and the "
	    "next\n"
	    "expiry is that of the counted ones. --after takes the holder of the last row.\n",
	.texts = (const struct option_text[]){{OPT_POOL, "POOL", "only those of this pool"},
	    {OPT_SORT, "BY", "leases, name, oldest, expiry, idle (longest without a new lease) or pools",
		holder_sort_names},
	    {OPT_AFTER, "TEXT", "continue after this holder, in the order of names"}, {OPT_END}},
	.options = (const enum option_id[]){OPT_POOL, OPT_SORT, OPT_REVERSE, OPT_LIMIT, OPT_AFTER, OPT_END},
	.add = add_holders,
	.answer = answer_holders,
    },
    {0},
};
