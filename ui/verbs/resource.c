#include "ui/verbs/verb.h"

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/metadata.h"
#include "model/syntax/name.h"
#include "model/pool.h"
#include "model/resource.h"
#include "model/syntax/filter.h"
#include "model/syntax/selector.h"
#include "ui/cli/annotations.h"
#include "ui/cli/bulk.h"
#include "ui/verbs/bulk.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/perform.h"
#include "ui/cli/record.h"
#include "ui/cli/lookup.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/preview.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/cli/request.h"

static bool add_list(struct run *run, struct batch *b, struct err *err) {
	const char *pool = target_name("pool", operand(run->args, 0));
	struct selector selector = {0};
	struct row_filter filter = {0};
	struct resource_ask ask = {.pool = pool, .selector = &selector, .filter = &filter};
	bool ok = (pool == NULL || name_check("pool", pool, err)) &&
		  opt_selector(run->args, &selector, err) && opt_filter(run->args, &filter, err);

	if (ok) {
		resource_window_add(b, &ask);
		if (pool != NULL) {
			pool_show_add(b, pool);
		}
	}
	selector_release(&selector);
	row_filter_release(&filter);
	return ok;
}

static bool answer_list(struct run *run, const struct batch *b, struct err *err) {
	const char *pool = target_name("pool", operand(run->args, 0));

	return (pool == NULL || batch_count(b, run->step + 1) > 0 || run_no_pool(run, pool, err)) &&
	       run_list(run, &resource_shape, b, run->step, err);
}

/* The steps of a resource's batch. */
enum { STEP_RESOURCE, STEP_ANNOTATIONS, STEP_BROKEN };

/* Adds the broken leases of its pool that are on it. */
static void put_broken(struct record *record, const struct resource *resource, const struct batch *b) {
	struct lease *leases = mem_new(batch_count(b, STEP_BROKEN), sizeof *leases);
	size_t n = 0;

	for (size_t i = 0; i < batch_count(b, STEP_BROKEN); i++) {
		const struct lease *lease = batch_row(b, STEP_BROKEN, i);

		if (id_equal(lease->resource, resource->id)) {
			leases[n++] = *lease;
		}
	}
	record_list(record, "broken_leases", &lease_shape, rows_of_array(leases, sizeof *leases, n));
	free(leases);
}

static bool look_show(struct run *run, struct batch *b, struct err *err) {
	return annotations_look(run, TARGET_RESOURCE, b, err);
}

/* Adds the steps; a broken resource is shown with the broken leases on it. */
static bool add_show(struct run *run, struct batch *b, struct err *err) {
	const struct resource *resource;
	struct lease_ask ask = {.states = 1U << LEASE_BROKEN};

	if (!annotations_add(run, TARGET_RESOURCE, b, err)) {
		return false;
	}
	resource = batch_row(run->found, 0, 0);
	if (resource->state == RESOURCE_BROKEN) {
		ask.pool = resource->pool;
		lease_list_add(b, &ask);
	}
	return true;
}

static bool answer_show(struct run *run, const struct batch *b, struct err *err) {
	const struct resource *resource;
	struct record *record;

	if (batch_count(b, STEP_RESOURCE) == 0) {
		return lookup_not_found(TARGET_RESOURCE, operand(run->args, 0), err);
	}
	resource = batch_row(b, STEP_RESOURCE, 0);
	record = record_new();
	record_row(record, &resource_shape, resource);
	annotations_put(record, b, STEP_ANNOTATIONS);
	if (batch_steps(b) > STEP_BROKEN) {
		put_broken(record, resource, b);
	}
	return record_print(record, &run->sink, err);
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
		return perform_parts(run, err);
	}
	return target_parse(operand(run->args, 0), TARGET_RESOURCE, &target, err) &&
	       preview_show(run,
		   &(struct queue_request){.action = QUEUE_RELEASE, .targets = &target, .count = 1}, err);
}

const struct verb resource_verbs[] = {
    {
	.words = "resource list",
	.examples = "berth resource list web\n",
	.synopsis = "[POOL]",
	.summary = "list live resources",
	.options = (const enum option_id[]){OPT_SELECTOR, OPT_FILTER, OPT_END},
	.max = 1,
	.rows = FILTER_RESOURCES,
	.add = add_list,
	.answer = answer_list,
    },
    {
	.words = "resource show",
	.examples = "berth resource show web/10.0.0.0/24\n",
	.synopsis = "ID|POOL/RANGE|POOL/VALUE|POOL/HOST",
	.summary = "show one resource",
	.min = 1,
	.max = 1,
	.look = look_show,
	.add = add_show,
	.answer = answer_show,
    },
    {
	.words = "resource cordon",
	.examples = "berth resource cordon web/10.0.0.0/24 --reason maintenance\n",
	.synopsis = "ID|POOL/RANGE|POOL/VALUE|POOL/HOST…",
	.summary = "stop new leases from resources; their leases stay",
	.notes = BULK_NOTES REQUEST_NOTES,
	.options = (const enum option_id[]){OPT_YES, OPT_END},
	.min = 1,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_QUEUES,
	.request = bulk_request,
	.add = bulk_add,
	.answer = request_answer,
    },
    {
	.words = "resource uncordon",
	.examples = "berth resource uncordon web/10.0.0.0/24\n",
	.synopsis = "ID|POOL/RANGE|POOL/VALUE|POOL/HOST…",
	.summary = "allow new leases from resources again",
	.notes = BULK_NOTES REQUEST_NOTES,
	.options = (const enum option_id[]){OPT_YES, OPT_END},
	.min = 1,
	.max = OPERANDS_ANY,
	.flags = VERB_MUTATES | VERB_QUEUES,
	.request = bulk_request,
	.add = bulk_add,
	.answer = request_answer,
    },
    {
	.words = "resource release",
	.examples = "berth resource release web/10.0.0.0/24 --dry-run\n"
		    "berth resource release web/10.0.0.0/24 --wait=10m\n",
	.synopsis = "ID|POOL/RANGE|POOL/VALUE|POOL/HOST",
	.summary = "drain a resource: release its leases, then remove it",
	.notes = "--dry-run prints the plan: {targets, sample, effect}.\n" REQUEST_NOTES,
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES | VERB_QUEUES,
	.run = run_drain,
	.add = add_drain,
	.answer = request_answer,
    },
    {
	.words = "resource reclaim",
	.examples = "berth resource reclaim web/10.0.0.0/24 --wait\n",
	.synopsis = "ID|POOL/RANGE|POOL/VALUE|POOL/HOST",
	.summary = "remove a resource that has no leases",
	.notes = REQUEST_NOTES,
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES | VERB_QUEUES,
	.add = add_reclaim,
	.answer = request_answer,
    },
    {0},
};
