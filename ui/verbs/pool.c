#include "ui/verbs/verb.h"

#include "db/base/buf.h"
#include "db/batch/batch.h"
#include "db/base/err.h"
#include "model/metadata.h"
#include "model/order.h"
#include "model/syntax/name.h"
#include "model/pool.h"
#include "model/exclusion.h"
#include "model/syntax/selector.h"
#include "ui/cli/annotations.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/record.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"

enum { NOTED = 5 }; /* most exclusions beside a list of free values */

static bool add_list(struct run *run, struct batch *b, struct err *err) {
	struct selector selector = {0};
	struct row_filter filter = {0};
	struct pool_ask ask = {
	    .selector = &selector, .filter = &filter, .by_status = opt_given(run->args, OPT_STATUS)};
	struct order order = {.reverse = opt_given(run->args, OPT_REVERSE)};
	int sort = 0, status = 0;
	bool ok = opt_enum(run->args, OPT_SORT, pool_sort_names, POOL_BY_NAME, &sort, err) &&
		  opt_enum(run->args, OPT_STATUS, pool_status_names, POOL_OK, &status, err) &&
		  opt_selector(run->args, &selector, err) && opt_filter(run->args, &filter, err);

	if (ok) {
		ask.sort = (enum pool_sort)sort;
		ask.order = &order;
		ask.status = (enum pool_status)status;
		pool_list_add(b, &ask);
	}
	selector_release(&selector);
	row_filter_release(&filter);
	return ok;
}

static bool answer_list(struct run *run, const struct batch *b, struct err *err) {
	return run_list(run, &pool_shape, b, run->step, err);
}

static bool read_name(const struct run *run, const char **name, struct err *err) {
	*name = target_name("pool", operand(run->args, 0));
	return name_check("pool", *name, err);
}

/* Returns whether the step found the pool, or says that there is none. */
static bool check_pool(const struct run *run, const struct batch *b, struct err *err) {
	return batch_count(b, run->step) > 0 ||
	       run_no_pool(run, target_name("pool", operand(run->args, 0)), err);
}

static bool add_show(struct run *run, struct batch *b, struct err *err) {
	const char *name;

	if (!read_name(run, &name, err)) {
		return false;
	}
	pool_show_add(b, name);
	metadata_of_pool_add(b, METADATA_ANNOTATION, name);
	pool_exclusions_add(b, name, 0);
	return true;
}

static bool answer_show(struct run *run, const struct batch *b, struct err *err) {
	struct record *record;

	if (!check_pool(run, b, err)) {
		return false;
	}
	record = record_new();
	record_row(record, &pool_shape, batch_row(b, run->step, 0));
	annotations_put(record, b, run->step + 1);
	record_list(record, "exclusions", &exclusion_shape, rows_of_step(b, run->step + 2));
	return record_print(record, &run->sink, err);
}

static bool add_free(struct run *run, struct batch *b, struct err *err) {
	const char *name;
	int64_t limit = 0;

	if (!read_name(run, &name, err) || !opt_int(run->args, OPT_LIMIT, 1, INT64_MAX, 0, &limit, err)) {
		return false;
	}
	pool_show_add(b, name);
	pool_free_add(b, name, limit);
	pool_exclusions_add(b, name, NOTED + 1);
	return true;
}

/* Notes the first values that are excluded, and why. */
static void note_exclusions(const struct run *run, const struct batch *b, size_t step) {
	const size_t count = batch_count(b, step);

	for (size_t i = 0; i < count && i < NOTED; i++) {
		const struct exclusion *exclusion = batch_row(b, step, i);
		struct buf text = {0};

		exclusion_text(exclusion, &text);
		if (exclusion->reason[0] != '\0') {
			buf_printf(&text, ": \"%s\"", exclusion->reason);
		}
		run_note(run, "excluded: %s", buf_text(&text));
		buf_release(&text);
	}
	if (count > NOTED) {
		run_note(run, "... and more: berth pool show %s", target_name("pool", operand(run->args, 0)));
	}
}

static bool answer_free(struct run *run, const struct batch *b, struct err *err) {
	if (!check_pool(run, b, err)) {
		return false;
	}
	note_exclusions(run, b, run->step + 2);
	return run_list(run, &free_range_shape, b, run->step + 1, err);
}

const struct verb pool_verbs[] = {
    {
	.words = "pool list",
	.examples = "berth pool list --sort runs-out\n"
		    "berth pool list -l env=prod --status critical\n"
		    "berth pool list --filter 'kind=ipv4 used%>90'\n",
	.synopsis = "",
	.summary = "list pools and how full they are",
	.options =
	    (const enum option_id[]){OPT_SELECTOR, OPT_FILTER, OPT_STATUS, OPT_SORT, OPT_REVERSE, OPT_END},
	.fleet = &fleet_pool_shape,
	.rows = FILTER_POOLS,
	.add = add_list,
	.answer = answer_list,
    },
    {
	.words = "pool show",
	.examples = "berth pool show web\n",
	.synopsis = "POOL",
	.summary = "show one pool",
	.min = 1,
	.max = 1,
	.add = add_show,
	.answer = answer_show,
    },
    {
	.words = "pool free",
	.examples = "berth pool free web --limit 10\n",
	.synopsis = "POOL",
	.summary = "list the free values of a pool as ranges",
	.notes = "Excluded values are noted on standard error, with the reason.\n",
	.options = (const enum option_id[]){OPT_LIMIT, OPT_END},
	.min = 1,
	.max = 1,
	.add = add_free,
	.answer = answer_free,
    },
    {0},
};
