#include "ui/cli/families.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch.h"
#include "db/err.h"
#include "db/id.h"
#include "db/mem.h"
#include "model/name.h"
#include "model/pool.h"
#include "model/resource.h"
#include "model/value.h"
#include "ui/cli/args.h"
#include "ui/cli/run.h"
#include "ui/cli/shapes.h"

static bool run_resource_list(struct run *run, struct err *err) {
	const char *pool = target_name("pool", operand(run->args, 0));
	struct batch *b = batch_new(BATCH_READ);
	bool ok = pool == NULL || name_check("pool", pool, err);

	if (ok) {
		size_t list = resource_list_add(b, pool);

		if (pool != NULL) {
			pool_show_add(b, pool);
		}
		ok = run_batch(run, b, err) &&
		     (pool == NULL || batch_count(b, list + 1) > 0 || run_no_pool(pool, err)) &&
		     run_list(run, &resource_shape, b, list, err);
	}
	batch_free(b);
	return ok;
}

/* [resource/]ID or [resource/]POOL/FIRST[-LAST] or [resource/]POOL/HOST. */
static bool add_target(struct batch *b, const char *target, struct err *err) {
	const char *rest = target_name("resource", target);
	const char *slash = strchr(rest, '/');
	struct id id;
	struct range range;
	enum kind kind;
	char *pool;
	bool ok;

	if (id_parse(rest, &id)) {
		resource_show_add(b, id);
		return true;
	}
	if (slash == NULL) {
		return err_set(err, ERR_INVALID_INPUT,
		    "resource %s: expected an id, or POOL/RANGE, or POOL/HOST", target);
	}
	pool = mem_print("%.*s", (int)(slash - rest), rest);
	ok = name_check("pool", pool, err) &&
	     (range_guess(slash + 1, &kind) ||
		 err_set(err, ERR_INVALID_INPUT, "range \"%s\": no address, number or host", slash + 1)) &&
	     range_parse(slash + 1, kind, &range, err);
	if (ok) {
		resource_find_add(b, pool, &range);
	}
	free(pool);
	return ok;
}

/* Whether it is what was asked for by its place: the server has compared bare
 * numbers, and of a host the name alone. */
static bool is_target(const struct resource *resource, const char *target) {
	const char *place = strchr(target_name("resource", target), '/');
	struct range range;
	struct err unfit = {0};
	bool same;

	if (place == NULL) {
		return true;
	}
	same = range_parse(place + 1, (enum kind)resource->kind, &range, &unfit) &&
	       (resource->kind == KIND_HOST ? strchr(place, ':') == NULL || range.last == resource->last
					    : range.first == resource->first && range.last == resource->last);
	err_release(&unfit);
	return same;
}

static bool no_resource(const char *target, struct err *err) {
	err_set(err, ERR_NOT_FOUND, "resource %s does not exist", target);
	return err_hint(err, "berth resource list shows those that do");
}

static bool run_resource_show(struct run *run, struct err *err) {
	const char *target = operand(run->args, 0);
	struct batch *b = batch_new(BATCH_READ);
	bool ok =
	    add_target(b, target, err) && run_batch(run, b, err) &&
	    ((batch_count(b, 0) > 0 && is_target(batch_row(b, 0, 0), target)) || no_resource(target, err)) &&
	    run_one(run, &resource_shape, b, 0, err);

	batch_free(b);
	return ok;
}

const struct command command_resource_list = {
    .words = "resource list",
    .synopsis = "[POOL]",
    .summary = "list live resources",
    .max = 1,
    .run = run_resource_list,
};
const struct command command_resource_show = {
    .words = "resource show",
    .synopsis = "ID|POOL/RANGE|POOL/HOST",
    .summary = "show one resource",
    .min = 1,
    .max = 1,
    .run = run_resource_show,
};
