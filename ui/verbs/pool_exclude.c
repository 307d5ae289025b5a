/*
 * The verbs that exclude values, and include them again.
 */
#include "ui/verbs/pool_exclude.h"

#include <stdlib.h>

#include "db/base/err.h"
#include "db/batch/batch.h"
#include "model/exclusion.h"
#include "model/syntax/name.h"
#include "ui/cli/context.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"
#include "ui/verbs/verb.h"

bool exclude_options(const struct args *args, enum kind kind, const struct range *ranges, size_t count,
    struct exclusions *out, struct err *err) {
	size_t at = 0;

	for (const char *text; (text = opt_next(args, OPT_EXCLUDE, &at)) != NULL;) {
		struct range range;

		if (!range_values(text, kind, &range, err)) {
			return opt_blame(OPT_EXCLUDE, err);
		}
		exclusions_put(out, &range, NULL);
	}
	if (opt_given(args, OPT_USABLE) && kind != KIND_IPV4 && kind != KIND_IPV6) {
		return err_set(err, ERR_INVALID_INPUT, "--usable: only addresses have networks, not kind %s",
		    kind_names[kind]);
	}
	for (size_t i = 0; i < count && opt_given(args, OPT_USABLE); i++) {
		exclusions_put_unusable(out, &ranges[i]);
	}
	return true;
}

/* Reads the operands after the pool, which are all of the kind that the first one implies. */
static bool read_ranges(const struct args *args, struct exclusions *out, struct err *err) {
	struct range range;

	if (!range_guess(operand(args, 1), &range, err)) {
		return false;
	}
	exclusions_put(out, &range, NULL);
	for (size_t i = 2; i < args->count; i++) {
		if (!range_values(operand(args, i), out->list[0].range.kind, &range, err)) {
			return false;
		}
		exclusions_put(out, &range, NULL);
	}
	return true;
}

typedef size_t change_fn(
    struct batch *b, struct id id, const char *pool, const struct exclusions *e, const char *detail);

static bool add_change(struct run *run, struct batch *b, change_fn *change, struct err *err) {
	const char *pool = target_name("pool", operand(run->args, 0));
	struct exclusions ranges = {0};
	char *detail = NULL;
	struct id id;
	bool ok = name_check("pool", pool, err) && read_ranges(run->args, &ranges, err) &&
		  run_id(run, &id, err) && context_read(run->args, &detail, err);

	if (ok) {
		change(b, id, pool, &ranges, detail);
	}
	exclusions_release(&ranges);
	free(detail);
	return ok;
}

static bool add_exclude(struct run *run, struct batch *b, struct err *err) {
	return add_change(run, b, pool_exclude_add, err);
}

static bool add_include(struct run *run, struct batch *b, struct err *err) {
	return add_change(run, b, pool_include_add, err);
}

static bool answer_pool(struct run *run, const struct batch *b, struct err *err) {
	return run_one(run, &pool_changed_shape, b, run->step, err);
}

const struct verb pool_exclude_verbs[] = {
    {
	.words = "pool exclude",
	.examples = "berth pool exclude web 10.0.0.1 10.0.0.240/28 --reason \"routers\"\n"
		    "berth pool exclude racks host1:2 --reason \"broken port\"\n",
	.synopsis = "POOL RANGE…",
	.summary = "exclude values of a pool",
	.notes = "Excluded values are never given, and count as held back. A lease that has one\n"
		 "keeps it, and the value is held back when it ends. What is excluded already\n"
		 "keeps its reason. host1 stands for all slots of the host, host1:2 for one.\n",
	.texts = (const struct option_text[]){{OPT_REASON, "TEXT", "why: shown wherever the values are"},
	    {OPT_END}},
	.min = 2,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.add = add_exclude,
	.answer = answer_pool,
    },
    {
	.words = "pool include",
	.examples = "berth pool include web 10.0.0.240/28\n",
	.synopsis = "POOL RANGE…",
	.summary = "let excluded values be given again",
	.notes = "RANGE may be a part of what was excluded. Values that are not excluded stay as\n"
		 "they are.\n",
	.min = 2,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.add = add_include,
	.answer = answer_pool,
    },
    {0},
};
