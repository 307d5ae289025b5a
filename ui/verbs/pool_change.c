#include "ui/verbs/verb.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "model/pool.h"
#include "model/resource.h"
#include "model/syntax/range.h"
#include "model/syntax/unit.h"
#include "model/exclusion.h"
#include "ui/verbs/pool_exclude.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/context.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"

/* Gets the kind that a range implies; the server knows the kind of the pool. */
static bool guess_kind(const char *text, enum kind *kind, struct err *err) {
	if (value_guess_kind(text, kind)) {
		return true;
	}
	return err_set(err, ERR_INVALID_INPUT, "range \"%s\": not an address, number or host", text);
}

/* The arguments of a verb that changes a pool, except the options of a new one. */
struct edit {
	const char *pool;
	enum kind kind;
	struct range *ranges; /* the operands after the pool */
	size_t count;
	struct exclusions exclude;
	struct id id;
	char *detail;
};

static void edit_release(struct edit *edit) {
	free(edit->ranges);
	exclusions_release(&edit->exclude);
	free(edit->detail);
}

static bool read_ranges(const struct args *args, struct edit *edit, struct err *err) {
	edit->count = args->count - 1;
	edit->ranges = mem_new(edit->count, sizeof *edit->ranges);
	for (size_t i = 0; i < edit->count; i++) {
		if (!range_parse(args->operands[i + 1], edit->kind, &edit->ranges[i], err)) {
			return false;
		}
	}
	return true;
}

static bool read_exclude(const struct args *args, struct edit *edit, struct err *err) {
	return exclude_options(args, edit->kind, edit->ranges, edit->count, &edit->exclude, err);
}

/* Reads the arguments about an existing pool. */
static bool read_edit(struct run *run, struct edit *edit, struct err *err) {
	const struct args *args = run->args;

	edit->pool = target_name("pool", operand(args, 0));
	return name_check("pool", edit->pool, err) &&
	       (args->count == 1 || guess_kind(operand(args, 1), &edit->kind, err)) &&
	       read_ranges(args, edit, err) && run_id(run, &edit->id, err) &&
	       context_read(args, &edit->detail, err);
}

static bool read_hook(const struct args *args, enum option_id option, const char **hook, struct err *err) {
	*hook = opt(args, option);
	return *hook == NULL || name_check("hook", *hook, err) || opt_blame(option, err);
}

static bool read_thresholds(const struct args *args, struct pool_new *pool, struct err *err) {
	if (!opt_int(args, OPT_WARN, 0, 100, POOL_WARN, &pool->warn, err) ||
	    !opt_int(args, OPT_CRIT, 0, 100, POOL_CRIT, &pool->crit, err)) {
		return false;
	}
	if (pool->warn > pool->crit) {
		return err_set(
		    err, ERR_INVALID_INPUT, "--warn %d is above --crit %d", (int)pool->warn, (int)pool->crit);
	}
	return true;
}

static bool read_new_pool(struct run *run, struct pool_new *pool, struct err *err) {
	const struct args *args = run->args;
	const char *kind_name;
	int kind = 0;

	pool->name = operand(args, 0);
	pool->space = opt_given(args, OPT_SPACE) ? opt(args, OPT_SPACE) : "global";
	if (!name_check("pool", pool->name, err) || !name_check("space", pool->space, err) ||
	    !opt_project(args, &pool->project, err) || !opt_need(args, OPT_KIND, &kind_name, err) ||
	    !opt_enum(args, OPT_KIND, kind_names, 0, &kind, err) || !read_thresholds(args, pool, err) ||
	    !opt_duration(args, OPT_TTL, 0, &pool->ttl, err) ||
	    !opt_duration(args, OPT_REUSE_DELAY, 0, &pool->reuse_delay, err) ||
	    !read_hook(args, OPT_ACTIVATE_HOOK, &pool->activate_hook, err) ||
	    !read_hook(args, OPT_RELEASE_HOOK, &pool->release_hook, err)) {
		return false;
	}
	pool->kind = (enum kind)kind;
	return run_id(run, &pool->id, err);
}

/* Refuses an option that a pool of this kind cannot have. */
static bool check_unit_kind(const struct args *args, enum kind kind, struct err *err) {
	bool is_address = kind == KIND_IPV4 || kind == KIND_IPV6;

	if (opt_given(args, OPT_PREFIX) && !is_address) {
		return err_set(err, ERR_INVALID_INPUT, "--prefix: only addresses have prefixes, not kind %s",
		    kind_names[kind]);
	}
	if (opt_given(args, OPT_BLOCK) && kind != KIND_NUMBER) {
		(void)err_set(err, ERR_INVALID_INPUT, "--block: only numbers have blocks, not kind %s",
		    kind_names[kind]);
		return is_address ? err_hint(err, "blocks of addresses are prefixes: --prefix LENGTH")
				  : false;
	}
	return true;
}

/* Reads the unit of a new pool: blocks or prefixes, else none. */
static bool read_unit(
    const struct args *args, enum kind kind, char unit[UNIT_TEXT], const char **out, struct err *err) {
	enum option_id option = opt_given(args, OPT_PREFIX) ? OPT_PREFIX : OPT_BLOCK;

	*out = NULL;
	if (!opt_exclusive(args, OPT_PREFIX, OPT_BLOCK, err) || !check_unit_kind(args, kind, err)) {
		return false;
	}
	if (!opt_given(args, option)) {
		return true;
	}
	*out = unit;
	return unit_check(opt(args, option), kind, unit, err) || opt_blame(option, err);
}

static bool add_create(struct run *run, struct batch *b, struct err *err) {
	struct pool_new pool = {0};
	struct edit edit = {0};
	char unit[UNIT_TEXT];
	bool ok = read_new_pool(run, &pool, err) && read_unit(run->args, pool.kind, unit, &pool.unit, err);

	edit.kind = pool.kind;
	ok = ok && read_ranges(run->args, &edit, err) && read_exclude(run->args, &edit, err) &&
	     context_read(run->args, &edit.detail, err);
	if (ok) {
		pool.ranges = edit.ranges;
		pool.count = edit.count;
		pool.exclude = &edit.exclude;
		pool_create_add(b, &pool, edit.detail);
	}
	edit_release(&edit);
	return ok;
}

/* Adds the name to the error of the constraint. */
static void explain_create(struct run *run, struct err *err) {
	const char *name = operand(run->args, 0);

	if (err->code == ERR_ALREADY_EXISTS) {
		free(err->message);
		err->message = mem_print("pool %s exists already", name);
		err_hint(err, "berth pool add %s RANGE adds to it", name);
	}
}

static bool add_ranges(struct run *run, struct batch *b, struct err *err) {
	struct edit edit = {0};
	bool ok = read_edit(run, &edit, err) && read_exclude(run->args, &edit, err);

	if (ok) {
		pool_add_add(b, edit.id, edit.pool, edit.ranges, edit.count, &edit.exclude, edit.detail);
	}
	edit_release(&edit);
	return ok;
}

static bool add_removal(struct run *run, struct batch *b, struct err *err) {
	struct edit edit = {0};
	bool ok = read_edit(run, &edit, err);

	if (ok) {
		pool_remove_add(b, edit.id, edit.pool, edit.ranges, edit.detail);
	}
	edit_release(&edit);
	return ok;
}

/* Adds a hint about slots: a bare name is a host with one slot, but lists show every host as a bare name. */
static void tell_slots(struct run *run, const char *pool, const struct range *range, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	struct err ignored = {0};

	resource_find_add(b, pool, range, true);
	if (conn_run(run->conn, b, run->deadline, &ignored) && batch_count(b, 0) == 1) {
		const struct resource *found = batch_row(b, 0, 0);
		char slots[U128_TEXT];

		err_hint(err, "%s has %s slots: berth pool remove %s %s:%s", range->host,
		    u128_text(found->last, slots), pool, range->host, slots);
	}
	err_release(&ignored);
	batch_free(b);
}

static void explain_removal(struct run *run, struct err *err) {
	struct edit edit = {0};
	struct err ignored = {0};

	if (run->conn != NULL && err->code == ERR_NOT_FOUND && strchr(operand(run->args, 1), ':') == NULL &&
	    read_edit(run, &edit, &ignored) && edit.kind == KIND_HOST) {
		tell_slots(run, edit.pool, edit.ranges, err);
	}
	err_release(&ignored);
	edit_release(&edit);
}

static bool add_deletion(struct run *run, struct batch *b, struct err *err) {
	struct edit edit = {0};
	bool ok = read_edit(run, &edit, err);

	if (ok) {
		pool_delete_add(b, edit.id, edit.pool, edit.detail);
	}
	edit_release(&edit);
	return ok;
}

static bool answer_pool(struct run *run, const struct batch *b, struct err *err) {
	return run_one(run, &pool_changed_shape, b, run->step, err);
}

static bool answer_resources(struct run *run, const struct batch *b, struct err *err) {
	return run_list(run, &resource_changed_shape, b, run->step, err);
}

const struct verb pool_change_verbs[] = {
    {
	.words = "pool create",
	.examples = "berth pool create web --kind ipv4 10.0.0.0/24\n"
		    "berth pool create lab --kind ipv4 10.1.0.0/24 --usable --exclude 10.1.0.1-10.1.0.9\n"
		    "berth pool create ports --kind number 2000-2999 --ttl 7d --reuse-delay 1h\n"
		    "berth pool create sites --kind ipv6 2001:db8::/48 --prefix 64\n"
		    "berth pool create slices --kind number 1024-65535 --block 64\n",
	.synopsis = "NAME --kind K [RANGE…]",
	.summary = "create a pool, with its first ranges",
	.notes = "RANGE: 10.0.0.0/24  10.0.0.5-10.0.0.9  fd00::/64  100-4094  host1:4\n"
		 "A pool of a project serves that project only. --usable excludes the network\n"
		 "and broadcast address of each IPv4 prefix up to /30, and the first address of\n"
		 "each IPv6 prefix up to /126. With --prefix or --block a lease holds a whole prefix,\n"
		 "2001:db8:0:5::/64, or a block, 1024-1087; the pool is counted in these, and each range\n"
		 "must be made of whole ones. The unit of a pool stays as it is.\n",
	.texts =
	    (const struct option_text[]){{OPT_PROJECT, "ORG/NAME", "serve this project only"}, {OPT_END}},
	.options = (const enum option_id[]){OPT_KIND, OPT_SPACE, OPT_PROJECT, OPT_WARN, OPT_CRIT, OPT_TTL,
	    OPT_REUSE_DELAY, OPT_ACTIVATE_HOOK, OPT_RELEASE_HOOK, OPT_EXCLUDE, OPT_USABLE, OPT_PREFIX,
	    OPT_BLOCK, OPT_END},
	.repeated = (const enum option_id[]){OPT_EXCLUDE, OPT_END},
	.min = 1,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES,
	.add = add_create,
	.answer = answer_pool,
	.explain = explain_create,
    },
    {
	.words = "pool add",
	.examples = "berth pool add web 10.0.1.0/24 10.0.2.10-10.0.2.20\n"
		    "berth pool add web 10.0.3.0/24 --usable\n",
	.synopsis = "POOL RANGE…",
	.summary = "add ranges to a pool",
	.notes = "A range that exists already is left as it is. --exclude excludes values of new ranges.\n",
	.options = (const enum option_id[]){OPT_EXCLUDE, OPT_USABLE, OPT_END},
	.repeated = (const enum option_id[]){OPT_EXCLUDE, OPT_END},
	.min = 2,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.add = add_ranges,
	.answer = answer_resources,
    },
    {
	.words = "pool remove",
	.examples = "berth pool remove web 10.0.1.0/24\n"
		    "berth pool remove web 10.0.1.64-10.0.1.95 --dry-run\n",
	.synopsis = "POOL RANGE",
	.summary = "remove a range that has no leases",
	.notes = "RANGE may be a part of what was added, or of several: the answer is what is left of each.\n"
		 "The labels of a resource stay on each part. A host is removed as a whole: host1:4\n",
	.min = 2,
	.max = 2,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.add = add_removal,
	.answer = answer_resources,
	.explain = explain_removal,
    },
    {
	.words = "pool delete",
	.examples = "berth pool delete web --reason \"the rack is gone\"\n",
	.synopsis = "POOL",
	.summary = "delete a pool that has no resources",
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.add = add_deletion,
	.answer = answer_pool,
    },
    {0},
};
