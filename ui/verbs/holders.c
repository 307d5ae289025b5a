#include "ui/verbs/verb.h"

#include "db/base/buf.h"
#include "db/batch/batch.h"
#include "db/batch/rows.h"
#include "db/base/err.h"
#include "model/holder.h"
#include "model/order.h"
#include "model/pool.h"
#include "model/syntax/filter.h"
#include "model/syntax/name.h"
#include "model/syntax/target.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"

enum { LIMIT = 100 };

static bool read_ask(const struct args *args, struct holder_ask *ask, struct order *order,
    struct row_filter *filter, struct err *err) {
	int sort = HOLDER_BY_LEASES;

	ask->pool = target_name("pool", opt(args, OPT_POOL));
	if ((ask->pool != NULL && !name_check("pool", ask->pool, err)) ||
	    !opt_enum(args, OPT_SORT, holder_sort_names, sort, &sort, err) ||
	    !opt_int(args, OPT_LIMIT, 1, INT64_MAX, LIMIT, &ask->limit, err) ||
	    !opt_filter(args, filter, err)) {
		return false;
	}
	order->reverse = opt_given(args, OPT_REVERSE);
	ask->filter = filter;
	ask->sort = (enum holder_sort)sort;
	ask->order = order;
	return true;
}

/* Looks up the holder that the list goes on after. */
static bool look_holders(struct run *run, struct batch *b, struct err *err) {
	struct holder_ask ask = {0};
	struct order order = {0};
	struct row_filter filter = {0};
	bool ok = read_ask(run->args, &ask, &order, &filter, err);

	row_filter_release(&filter);
	if (ok && opt_given(run->args, OPT_AFTER)) {
		filter = row_filter_name("holder", opt(run->args, OPT_AFTER));
		holder_list_add(b, &(struct holder_ask){.pool = ask.pool, .filter = &filter, .limit = 1});
		row_filter_release(&filter);
		pool_show_add(b, ask.pool);
	}
	return ok;
}

/* Reads that holder as text. In the order of names it is known even if it holds nothing any more. */
static bool read_after(const struct run *run, enum holder_sort sort, struct buf *row, struct err *err) {
	const char *after = opt(run->args, OPT_AFTER);

	if (after == NULL || (opt_given(run->args, OPT_POOL) && batch_count(run->found, 1) == 0)) {
		return true; /* an unknown pool is told with the answer */
	}
	if (batch_count(run->found, 0) > 0) {
		order_row(&row_holder, batch_row(run->found, 0, 0), row);
	} else if (sort == HOLDER_BY_NAME) {
		order_row(&row_holder, &(struct holder){.holder = after, .pools = "[]"}, row);
	} else {
		(void)err_set(err, ERR_NOT_FOUND, "--after %s: it holds no leases any more", after);
		return err_hint(err, "--sort name goes on after any name");
	}
	return true;
}

static bool add_holders(struct run *run, struct batch *b, struct err *err) {
	struct holder_ask ask = {0};
	struct order order = {0};
	struct row_filter filter = {0};
	struct buf after = {0};
	bool ok = read_ask(run->args, &ask, &order, &filter, err) && read_after(run, ask.sort, &after, err);

	if (ok) {
		order.after = after.len > 0 ? buf_text(&after) : NULL;
		holder_list_add(b, &ask);
	}
	if (ok && ask.pool != NULL) {
		pool_show_add(b, ask.pool);
	}
	buf_release(&after);
	row_filter_release(&filter);
	return ok;
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
		    "berth lease holders --filter 'leases>100 idle>30d' --sort idle --limit 10\n",
	.synopsis = "",
	.summary = "list who holds how many leases, the oldest, and the next to expire",
	.notes =
	    "The leases are the live ones, waiting ones included; most leases first. Up to 10,000 holders\n"
	    "are read. Counting ends after 100,000 leases: then LEASES is \">= N\" (JSON: more), and the "
	    "next\n"
	    "expiry is that of the counted ones. --after takes the holder of the last row, in the same "
	    "order.\n",
	.texts = (const struct option_text[]){{OPT_POOL, "POOL", "only those of this pool"},
	    {OPT_SORT, "BY", "leases, name, oldest, expiry, idle (longest without a new lease) or pools",
		holder_sort_names},
	    {OPT_AFTER, "TEXT", "continue after this holder"}, {OPT_END}},
	.options = (const enum option_id[]){OPT_POOL, OPT_FILTER, OPT_SORT, OPT_REVERSE, OPT_LIMIT, OPT_AFTER,
	    OPT_END},
	.rows = FILTER_HOLDERS,
	.look = look_holders,
	.add = add_holders,
	.answer = answer_holders,
    },
    {0},
};
