#include "ui/verbs/families.h"

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/metadata.h"
#include "model/syntax/name.h"
#include "model/pool.h"
#include "model/resource.h"
#include "model/syntax/selector.h"
#include "ui/cli/annotations.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/mutation.h"
#include "ui/cli/record.h"
#include "ui/cli/lookup.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/preview.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/cli/request.h"

static bool run_resource_list(struct run *run, struct err *err) {
	const char *pool = target_name("pool", operand(run->args, 0));
	struct batch *b = batch_new(BATCH_READ);
	struct selector selector = {0};
	bool ok = (pool == NULL || name_check("pool", pool, err)) && opt_selector(run->args, &selector, err);

	if (ok) {
		size_t list = resource_list_add(b, pool, &selector);

		if (pool != NULL) {
			pool_show_add(b, pool);
		}
		ok = run_batch(run, b, err) &&
		     (pool == NULL || batch_count(b, list + 1) > 0 || run_no_pool(pool, err)) &&
		     run_list(run, &resource_shape, b, list, err);
	}
	batch_free(b);
	selector_release(&selector);
	return ok;
}

/* Those of the broken leases of its pool that are on it. */
static void add_broken(struct record *record, const struct resource *resource, const struct batch *b) {
	struct lease *leases = mem_new(batch_count(b, 0), sizeof *leases);
	size_t n = 0;

	for (size_t i = 0; i < batch_count(b, 0); i++) {
		const struct lease *lease = batch_row(b, 0, i);

		if (id_equal(lease->resource, resource->id)) {
			leases[n++] = *lease;
		}
	}
	record_list(record, "broken_leases", &lease_shape, rows_of_array(leases, sizeof *leases, n));
	free(leases);
}

/* One that is broken tells by which leases. */
static bool print_resource(struct run *run, const struct resource *resource, struct err *err) {
	const struct lease_ask ask = {.pool = resource->pool, .states = 1U << LEASE_BROKEN};
	struct batch *b = batch_new(BATCH_READ);
	bool broken = resource->state == RESOURCE_BROKEN;
	bool ok;

	if (broken) {
		lease_list_add(b, &ask);
	}
	size_t annotations = metadata_show_add(b, METADATA_ANNOTATION, resource->id);

	ok = run_batch(run, b, err);
	if (ok) {
		struct record *record = record_new();

		record_row(record, &resource_shape, resource);
		annotations_put(record, b, annotations);
		if (broken) {
			add_broken(record, resource, b);
		}
		ok = record_print(record, &run->sink, err);
	}
	batch_free(b);
	return ok;
}

static bool run_resource_show(struct run *run, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	bool ok = lookup_row(run, operand(run->args, 0), TARGET_RESOURCE, b, err) &&
		  print_resource(run, batch_row(b, 0, 0), err);

	batch_free(b);
	return ok;
}

static bool add_cordon(struct run *run, struct batch *b, struct err *err) {
	return request_add(run, b, QUEUE_CORDON, TARGET_RESOURCE, err);
}

static bool add_uncordon(struct run *run, struct batch *b, struct err *err) {
	return request_add(run, b, QUEUE_UNCORDON, TARGET_RESOURCE, err);
}

static bool add_reclaim(struct run *run, struct batch *b, struct err *err) {
	return request_add(run, b, QUEUE_RECLAIM, TARGET_RESOURCE, err);
}

static bool add_drain(struct run *run, struct batch *b, struct err *err) {
	return request_add(run, b, QUEUE_RELEASE, TARGET_RESOURCE, err);
}

static bool run_drain(struct run *run, struct err *err) {
	struct target target;

	if (!run->dry_run) {
		return mutation_run(run, err);
	}
	return target_parse(operand(run->args, 0), TARGET_RESOURCE, &target, err) &&
	       preview_show(run, &target, 1, err);
}

const struct verb command_resource_list = {
    .words = "resource list",
    .synopsis = "[POOL]",
    .summary = "list live resources",
    .options = (const enum option_id[]){OPT_SELECTOR, OPT_END},
    .max = 1,
    .run = run_resource_list,
};
const struct verb command_resource_show = {
    .words = "resource show",
    .synopsis = "ID|POOL/RANGE|POOL/VALUE|POOL/HOST",
    .summary = "show one resource",
    .min = 1,
    .max = 1,
    .run = run_resource_show,
};
const struct verb command_resource_cordon = {
    .words = "resource cordon",
    .synopsis = "ID|POOL/RANGE|POOL/VALUE|POOL/HOST",
    .summary = "give out nothing more of a resource; its leases stay",
    .notes = REQUEST_NOTES,
    .min = 1,
    .max = 1,
    .flags = VERB_MUTATES | VERB_QUEUES,
    .run = mutation_run,
    .add = add_cordon,
    .answer = request_answer,
};
const struct verb command_resource_uncordon = {
    .words = "resource uncordon",
    .synopsis = "ID|POOL/RANGE|POOL/VALUE|POOL/HOST",
    .summary = "give out of it again",
    .notes = REQUEST_NOTES,
    .min = 1,
    .max = 1,
    .flags = VERB_MUTATES | VERB_QUEUES,
    .run = mutation_run,
    .add = add_uncordon,
    .answer = request_answer,
};
const struct verb command_resource_release = {
    .words = "resource release",
    .synopsis = "ID|POOL/RANGE|POOL/VALUE|POOL/HOST",
    .summary = "drain a resource: release its leases, then it is gone",
    .notes = "--dry-run prints the plan: {targets, sample, effect}.\n" REQUEST_NOTES,
    .min = 1,
    .max = 1,
    .flags = VERB_MUTATES | VERB_QUEUES,
    .run = run_drain,
    .add = add_drain,
    .answer = request_answer,
};
const struct verb command_resource_reclaim = {
    .words = "resource reclaim",
    .synopsis = "ID|POOL/RANGE|POOL/VALUE|POOL/HOST",
    .summary = "the same, but only of one that has no leases",
    .notes = REQUEST_NOTES,
    .min = 1,
    .max = 1,
    .flags = VERB_MUTATES | VERB_QUEUES,
    .run = mutation_run,
    .add = add_reclaim,
    .answer = request_answer,
};
