/*
 * The verb that looks values up.
 */
#include "ui/verbs/verb.h"

#include "db/base/err.h"
#include "db/batch/batch.h"
#include "model/pool.h"
#include "model/syntax/name.h"
#include "model/syntax/range.h"
#include "ui/cli/output.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"

#define FIND_LIMIT 100 /* stretches, unless --limit says another number */

static bool read_limit(const struct run *run, int64_t *limit, struct err *err) {
	return opt_int(run->args, OPT_LIMIT, 1, 999999999, FIND_LIMIT, limit, err);
}

static bool add_find(struct run *run, struct batch *b, struct err *err) {
	const char *space = opt(run->args, OPT_SPACE);
	struct range range;
	int64_t limit = 0;

	if (!range_guess(operand(run->args, 0), &range, err) ||
	    (space != NULL && !name_check("space", space, err)) || !read_limit(run, &limit, err)) {
		return false;
	}
	pool_find_add(b, &range, space, limit + 1); /* one more tells whether there are more */
	return true;
}

static bool answer_find(struct run *run, const struct batch *b, struct err *err) {
	struct rows rows = rows_of_step(b, run->step);
	int64_t limit = 0;

	if (!read_limit(run, &limit, err)) {
		return false;
	}
	if (rows.count > (size_t)limit) {
		rows.count = (size_t)limit;
		run_note(run, "there are more: --limit %lld has been reached", (long long)limit);
	}
	if (rows.count == 0) {
		run_note(run, "%s: in no live range", operand(run->args, 0));
		run->exit = err_exit(ERR_NOT_FOUND);
	}
	return output_list(&run->sink, &stretch_shape, rows, err);
}

const struct verb pool_find_verbs[] = {
    {
	.words = "pool find",
	.examples = "berth pool find 10.0.0.7\n"
		    "berth pool find 10.0.0.0/24 --space lab --limit 1000\n"
		    "berth pool find host1:2 --json\n",
	.synopsis = "VALUE|RANGE",
	.summary = "find the pools that have a value, and its present state",
	.notes = "A row is a stretch of one state: free, leased, resting (free again at UNTIL), excluded\n"
		 "or cordoned. A lease is a row by itself. Excluded values are never given, for a reason.\n"
		 "host1 stands for all slots of the host. The exit code is 4 when no live range has any of\n"
		 "the values.\n",
	.texts = (const struct option_text[]){{OPT_SPACE, "S", "only in this routing domain"},
	    {OPT_LIMIT, "N", "at most this many rows, by default 100"}, {OPT_END}},
	.options = (const enum option_id[]){OPT_SPACE, OPT_LIMIT, OPT_END},
	.min = 1,
	.max = 1,
	.add = add_find,
	.answer = answer_find,
    },
    {0},
};
