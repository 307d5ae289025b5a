/*
 * The verbs that change a pool itself: its settings and its name.
 */
#include "ui/verbs/verb.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/pool.h"
#include "model/syntax/name.h"
#include "model/syntax/target.h"
#include "ui/cli/context.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"

/* The settings that were given, which point to these numbers. */
struct wanted {
	struct pool_settings settings;
	int64_t warn, crit, ttl, reuse_delay;
};

/* Each reads one setting; `set` becomes NULL when it was not given. */
static bool read_percent(
    const struct args *args, enum option_id option, int64_t *value, const int64_t **set, struct err *err) {
	*set = opt_given(args, option) ? value : NULL;
	return opt_int(args, option, 0, 100, 0, value, err);
}

static bool is_none(const char *text) {
	return text != NULL && strcmp(text, "none") == 0;
}

/* "none" is 0. */
static bool read_span(
    const struct args *args, enum option_id option, int64_t *value, const int64_t **set, struct err *err) {
	*set = opt_given(args, option) ? value : NULL;
	*value = 0;
	return is_none(opt(args, option)) || opt_duration(args, option, 0, value, err);
}

/* "none" is "". */
static bool read_hook(const struct args *args, enum option_id option, const char **hook, struct err *err) {
	*hook = is_none(opt(args, option)) ? "" : opt(args, option);
	return *hook == NULL || **hook == '\0' || name_check("hook", *hook, err) || opt_blame(option, err);
}

static bool read_settings(const struct args *args, struct wanted *out, struct err *err) {
	struct pool_settings *s = &out->settings;

	if (!read_percent(args, OPT_WARN, &out->warn, &s->warn, err) ||
	    !read_percent(args, OPT_CRIT, &out->crit, &s->crit, err) ||
	    !read_span(args, OPT_TTL, &out->ttl, &s->ttl, err) ||
	    !read_span(args, OPT_REUSE_DELAY, &out->reuse_delay, &s->reuse_delay, err) ||
	    !read_hook(args, OPT_ACTIVATE_HOOK, &s->activate_hook, err) ||
	    !read_hook(args, OPT_RELEASE_HOOK, &s->release_hook, err)) {
		return false;
	}
	if (s->warn == NULL && s->crit == NULL && s->ttl == NULL && s->reuse_delay == NULL &&
	    s->activate_hook == NULL && s->release_hook == NULL) {
		err_set(err, ERR_INVALID_INPUT, "pool set: at least one setting must be given");
		return err_hint(
		    err, "usage: berth pool set POOL [--warn PCT] [--crit PCT] [--ttl DUR|none] ...");
	}
	if (s->warn != NULL && s->crit != NULL && out->warn > out->crit) {
		return err_set(
		    err, ERR_INVALID_INPUT, "--warn %d is above --crit %d", (int)out->warn, (int)out->crit);
	}
	return true;
}

static bool add_set(struct run *run, struct batch *b, struct err *err) {
	const char *name = target_name("pool", operand(run->args, 0));
	struct wanted wanted;
	struct id id;
	char *detail = NULL;
	bool ok = name_check("pool", name, err) && read_settings(run->args, &wanted, err) &&
		  run_id(run, &id, err) && context_read(run->args, &detail, err);

	if (ok) {
		pool_set_add(b, id, name, &wanted.settings, detail);
	}
	free(detail);
	return ok;
}

static bool add_rename(struct run *run, struct batch *b, struct err *err) {
	const char *name = target_name("pool", operand(run->args, 0));
	const char *wanted = operand(run->args, 1);
	struct id id;
	char *detail = NULL;
	bool ok = name_check("pool", name, err) && name_check("pool", wanted, err) && run_id(run, &id, err) &&
		  context_read(run->args, &detail, err);

	if (ok) {
		pool_rename_add(b, id, name, wanted, detail);
	}
	free(detail);
	return ok;
}

/* Adds the name to the error of the constraint. */
static void explain_rename(struct run *run, struct err *err) {
	if (err->code == ERR_ALREADY_EXISTS) {
		free(err->message);
		err->message = mem_print("pool %s exists already", operand(run->args, 1));
	}
}

static bool answer_pool(struct run *run, const struct batch *b, struct err *err) {
	return run_one(run, &pool_changed_shape, b, run->step, err);
}

const struct verb pool_set_verbs[] = {
    {
	.words = "pool set",
	.examples = "berth pool set web --warn 70 --crit 85\n"
		    "berth pool set web --ttl 30d --reuse-delay none --reason \"audit of May\"\n"
		    "berth pool set web --release-hook none --dry-run\n",
	.synopsis = "POOL",
	.summary = "change the settings of a pool",
	.notes = "Settings that are not given stay. New settings hold for what happens from then on: a lease "
		 "keeps\n"
		 "its end, and a value that rests keeps its time. A hook that is queued already runs as\n"
		 "the pool has it when it begins.\n",
	.texts = (const struct option_text[]){{OPT_TTL, "DUR|none", "default duration of a lease"},
	    {OPT_REUSE_DELAY, "DUR|none", "time for which a released value is held back"},
	    {OPT_ACTIVATE_HOOK, "NAME|none", "hook that runs when a lease is acquired"},
	    {OPT_RELEASE_HOOK, "NAME|none", "hook that runs when a lease is released"}, {OPT_END}},
	.options = (const enum option_id[]){OPT_WARN, OPT_CRIT, OPT_TTL, OPT_REUSE_DELAY, OPT_ACTIVATE_HOOK,
	    OPT_RELEASE_HOOK, OPT_END},
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.add = add_set,
	.answer = answer_pool,
    },
    {
	.words = "pool rename",
	.examples = "berth pool rename web www\n",
	.synopsis = "POOL NAME",
	.summary = "rename a pool",
	.notes = "Its id, leases and history stay. A request that named it by a former name is still\n"
		 "answered when it is repeated, unless another pool has that name by then.\n",
	.min = 2,
	.max = 2,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.add = add_rename,
	.answer = answer_pool,
	.explain = explain_rename,
    },
    {0},
};
