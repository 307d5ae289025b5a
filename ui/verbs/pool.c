#include "ui/verbs/families.h"

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "model/metadata.h"
#include "model/syntax/name.h"
#include "model/pool.h"
#include "model/syntax/selector.h"
#include "ui/cli/annotations.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/record.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"

static bool run_pool_list(struct run *run, struct err *err) {
	struct selector selector = {0};
	struct pool_ask ask = {.selector = &selector};
	int sort = 0, status = 0;
	struct batch *b = batch_new(BATCH_READ);
	bool ok = opt_enum(run->args, OPT_SORT, pool_sort_names, POOL_BY_NAME, &sort, err) &&
		  opt_enum(run->args, OPT_STATUS, pool_status_names, POOL_OK, &status, err) &&
		  opt_selector(run->args, &selector, err);

	if (ok) {
		ask.sort = (enum pool_sort)sort;
		ask.by_status = opt_given(run->args, OPT_STATUS);
		ask.status = (enum pool_status)status;
		pool_list_add(b, &ask);
		ok = run_batch(run, b, err) && run_list(run, &pool_shape, b, 0, err);
	}
	batch_free(b);
	selector_release(&selector);
	return ok;
}

static bool print_pool(struct run *run, const struct batch *b, size_t annotations, struct err *err) {
	struct record *record = record_new();

	record_row(record, &pool_shape, batch_row(b, 0, 0));
	annotations_put(record, b, annotations);
	return record_print(record, &run->sink, err);
}

static bool run_show(struct run *run, struct err *err) {
	const char *name = target_name("pool", operand(run->args, 0));
	struct batch *b = batch_new(BATCH_READ);
	bool ok = name_check("pool", name, err);

	if (ok) {
		pool_show_add(b, name);
		size_t annotations = metadata_of_pool_add(b, METADATA_ANNOTATION, name);

		ok = run_batch(run, b, err) && (batch_count(b, 0) > 0 || run_no_pool(name, err)) &&
		     print_pool(run, b, annotations, err);
	}
	batch_free(b);
	return ok;
}

static bool run_free(struct run *run, struct err *err) {
	const char *name = target_name("pool", operand(run->args, 0));
	int64_t limit = 0;
	struct batch *b = batch_new(BATCH_READ);
	bool ok =
	    name_check("pool", name, err) && opt_int(run->args, OPT_LIMIT, 1, INT64_MAX, 0, &limit, err);

	if (ok) {
		size_t pool = pool_show_add(b, name);
		size_t free_ranges = pool_free_add(b, name, limit);

		ok = run_batch(run, b, err) && (batch_count(b, pool) > 0 || run_no_pool(name, err)) &&
		     run_list(run, &free_range_shape, b, free_ranges, err);
	}
	batch_free(b);
	return ok;
}

const struct verb command_pool_list = {
    .words = "pool list",
    .synopsis = "",
    .summary = "list pools and how full they are",
    .options = (const enum option_id[]){OPT_SELECTOR, OPT_STATUS, OPT_SORT, OPT_END},
    .run = run_pool_list,
};
const struct verb command_pool_show = {
    .words = "pool show",
    .synopsis = "NAME",
    .summary = "show one pool",
    .min = 1,
    .max = 1,
    .run = run_show,
};
const struct verb command_pool_free = {
    .words = "pool free",
    .synopsis = "NAME",
    .summary = "list the free values of a pool as ranges",
    .options = (const enum option_id[]){OPT_LIMIT, OPT_END},
    .min = 1,
    .max = 1,
    .run = run_free,
};
