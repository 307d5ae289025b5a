#include "ui/cli/families.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch.h"
#include "db/conn.h"
#include "db/err.h"
#include "db/mem.h"
#include "model/metadata.h"
#include "model/name.h"
#include "model/pool.h"
#include "model/resource.h"
#include "model/selector.h"
#include "model/value.h"
#include "ui/cli/annotations.h"
#include "ui/cli/args.h"
#include "ui/cli/detail.h"
#include "ui/cli/doc.h"
#include "ui/cli/opt.h"
#include "ui/cli/run.h"
#include "ui/cli/shapes.h"

enum { WARN = 80, CRIT = 90 };

/* The kind that ranges imply; the server knows whether it is the pool's. */
static bool guess_kind(const char *text, enum kind *kind, struct err *err) {
	if (range_guess(text, kind)) {
		return true;
	}
	return err_set(err, ERR_INVALID_INPUT, "range \"%s\": no address, number or host", text);
}

static const char *pool_operand(const struct args *args) {
	return target_name("pool", operand(args, 0));
}

/* What a command that changes a pool is told, beside the options of a new one. */
struct change {
	const char *pool;
	enum kind kind;
	struct range *ranges; /* the operands behind the pool */
	size_t count;
	struct id id;
	char *detail;
};

static void change_release(struct change *change) {
	free(change->ranges);
	free(change->detail);
}

static bool read_ranges(const struct args *args, struct change *change, struct err *err) {
	change->count = args->count - 1;
	change->ranges = mem_new(change->count, sizeof *change->ranges);
	for (size_t i = 0; i < change->count; i++) {
		if (!range_parse(args->operands[i + 1], change->kind, &change->ranges[i], err)) {
			return false;
		}
	}
	return true;
}

/* Of a pool that is there. */
static bool read_change(struct run *run, struct change *change, struct err *err) {
	const struct args *args = run->args;

	change->pool = pool_operand(args);
	return name_check("pool", change->pool, err) &&
	       (args->count == 1 || guess_kind(operand(args, 1), &change->kind, err)) &&
	       read_ranges(args, change, err) && run_id(run, &change->id, err) &&
	       detail_of(args, &change->detail, err);
}

static bool read_hook(const struct args *args, enum option_id option, const char **hook, struct err *err) {
	*hook = opt(args, option);
	return *hook == NULL || name_check("hook", *hook, err) || opt_blame(option, err);
}

static bool read_thresholds(const struct args *args, struct pool_new *pool, struct err *err) {
	if (!opt_int(args, OPT_WARN, 0, 100, WARN, &pool->warn, err) ||
	    !opt_int(args, OPT_CRIT, 0, 100, CRIT, &pool->crit, err)) {
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
	    !opt_need(args, OPT_KIND, &kind_name, err) ||
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

/* The constraint's words do not know the name. */
static bool name_taken(const char *name, struct err *err) {
	if (err->code == ERR_ALREADY_EXISTS) {
		free(err->message);
		err->message = mem_print("pool %s exists already", name);
		err_hint(err, "berth pool add %s RANGE adds to it", name);
	}
	return false;
}

static bool run_create(struct run *run, struct err *err) {
	struct pool_new pool = {0};
	struct change change = {0};
	struct batch *b = run_changes(run);
	bool ok = read_new_pool(run, &pool, err);

	change.kind = pool.kind;
	ok = ok && read_ranges(run->args, &change, err) && detail_of(run->args, &change.detail, err);
	if (ok) {
		pool.ranges = change.ranges;
		pool.count = change.count;
		pool_create_add(b, &pool, change.detail);
		ok = (run_batch(run, b, err) || name_taken(pool.name, err)) &&
		     run_one(run, &pool_changed_shape, b, 0, err);
	}
	batch_free(b);
	change_release(&change);
	return ok;
}

static bool run_add(struct run *run, struct err *err) {
	struct change change = {0};
	struct batch *b = run_changes(run);
	bool ok = read_change(run, &change, err);

	if (ok) {
		pool_add_add(b, change.id, change.pool, change.ranges, change.count, change.detail);
		ok = run_request(run, b, err) && run_list(run, &resource_changed_shape, b, 0, err);
	}
	batch_free(b);
	change_release(&change);
	return ok;
}

/* A bare name is a host of one slot, but lists show every host so. */
static void tell_slots(struct run *run, const char *pool, const struct range *range, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	struct err ignored = {0};

	resource_find_add(b, pool, range);
	if (conn_run(run->conn, b, run->deadline, &ignored) && batch_count(b, 0) == 1) {
		const struct resource *found = batch_row(b, 0, 0);
		char slots[U128_TEXT];

		err_hint(err, "%s has %s slots: berth pool remove %s %s:%s", range->host,
		    u128_text(found->last, slots), pool, range->host, slots);
	}
	err_release(&ignored);
	batch_free(b);
}

static bool run_remove(struct run *run, struct err *err) {
	struct change change = {0};
	struct batch *b = run_changes(run);
	bool ok = read_change(run, &change, err);

	if (ok) {
		pool_remove_add(b, change.id, change.pool, change.ranges, change.detail);
		ok = run_request(run, b, err);
		if (!ok && err->code == ERR_NOT_FOUND && change.kind == KIND_HOST &&
		    strchr(operand(run->args, 1), ':') == NULL) {
			tell_slots(run, change.pool, change.ranges, err);
		}
		ok = ok && run_one(run, &resource_changed_shape, b, 0, err);
	}
	batch_free(b);
	change_release(&change);
	return ok;
}

static bool run_delete(struct run *run, struct err *err) {
	struct change change = {0};
	struct batch *b = run_changes(run);
	bool ok = read_change(run, &change, err);

	if (ok) {
		pool_delete_add(b, change.id, change.pool, change.detail);
		ok = run_request(run, b, err) && run_one(run, &pool_changed_shape, b, 0, err);
	}
	batch_free(b);
	change_release(&change);
	return ok;
}

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
	struct doc *doc = doc_new();

	doc_row(doc, &pool_shape, batch_row(b, 0, 0));
	annotations_put(doc, b, annotations);
	return doc_print(doc, &run->sink, err);
}

static bool run_show(struct run *run, struct err *err) {
	const char *name = pool_operand(run->args);
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
	const char *name = pool_operand(run->args);
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

const struct verb command_pool_create = {
    .words = "pool create",
    .synopsis = "NAME --kind K [RANGE…]",
    .summary = "make a pool, with its first ranges",
    .notes = "RANGE: 10.0.0.0/24  10.0.0.5-10.0.0.9  fd00::/64  100-4094  host1:4\n",
    .options = (const enum option_id[]){OPT_KIND, OPT_SPACE, OPT_WARN, OPT_CRIT, OPT_TTL, OPT_REUSE_DELAY,
	OPT_ACTIVATE_HOOK, OPT_RELEASE_HOOK, OPT_END},
    .min = 1,
    .max = OPERANDS_ANY,
    .flags = VERB_MUTATES | VERB_BATCH,
    .run = run_create,
};
const struct verb command_pool_add = {
    .words = "pool add",
    .synopsis = "NAME RANGE…",
    .summary = "add ranges to a pool",
    .notes = "A range that is exactly there already is left as it is.\n" RUN_ID_NOTES,
    .min = 2,
    .max = OPERANDS_ANY,
    .flags = VERB_MUTATES | VERB_BATCH,
    .run = run_add,
};
const struct verb command_pool_remove = {
    .words = "pool remove",
    .synopsis = "NAME RANGE",
    .summary = "remove a range that has no leases",
    .notes = "RANGE is the whole range as it was added, a host with its slots: host1:4\n" RUN_ID_NOTES,
    .min = 2,
    .max = 2,
    .flags = VERB_MUTATES | VERB_BATCH,
    .run = run_remove,
};
const struct verb command_pool_delete = {
    .words = "pool delete",
    .synopsis = "NAME",
    .summary = "delete a pool that has no resources",
    .notes = RUN_ID_NOTES,
    .min = 1,
    .max = 1,
    .flags = VERB_MUTATES | VERB_BATCH,
    .run = run_delete,
};
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
