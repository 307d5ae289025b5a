#include "ui/verbs/verb.h"

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "model/pool.h"
#include "model/project.h"
#include "model/project_pools.h"
#include "model/syntax/filter.h"
#include "model/syntax/selector.h"
#include "ui/cli/annotations.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/perform.h"
#include "ui/cli/context.h"
#include "ui/cli/lookup.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/preview.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"
#include "ui/cli/request.h"

/* Reads the operand, "org/name". */
static bool read_name(const struct args *args, const char **name, struct err *err) {
	struct target target;

	*name = target_name("project", operand(args, 0));
	return target_parse(operand(args, 0), TARGET_PROJECT, &target, err);
}

static bool read_pools(const struct args *args, struct project_pools *pools, struct err *err) {
	size_t at = 0;

	for (const char *text; (text = opt_next(args, OPT_POOL, &at)) != NULL;) {
		if (!project_pools_add(pools, text, err)) {
			return opt_blame(OPT_POOL, err);
		}
	}
	return true;
}

static bool read_new(struct run *run, struct project_new *project, struct project_pools *pools,
    struct buf *labels, struct err *err) {
	const struct args *args = run->args;

	/* In a batch the id is derived from that of the batch, which the sender may have chosen. */
	project->generated = !opt_given(args, OPT_ID) && run->line == 0;
	project->space = opt_given(args, OPT_SPACE) ? opt(args, OPT_SPACE) : "global";
	project->warn = POOL_WARN;
	project->crit = POOL_CRIT;
	if (!read_name(args, &project->name, err) ||
	    !opt_limit(args, OPT_MAX_LEASES, &project->max_leases, err) || !read_pools(args, pools, err) ||
	    !name_check("space", project->space, err) || !opt_labels(args, labels, err)) {
		return false;
	}
	project->pools = pools->pools;
	project->count = pools->count;
	project->labels = labels->len == 0 ? NULL : buf_text(labels);
	return run_id(run, &project->id, err);
}

static bool add_create(struct run *run, struct batch *b, struct err *err) {
	struct project_new project = {0};
	struct project_pools pools = {0};
	struct buf labels = {0};
	char *detail = NULL;
	bool ok = read_new(run, &project, &pools, &labels, err) && context_read(run->args, &detail, err);

	if (ok) {
		project_create_add(b, &project, detail);
	}
	project_pools_release(&pools);
	buf_release(&labels);
	free(detail);
	return ok;
}

/* Adds the name to the error of the constraint; that of a pool is in the step's name: "pool web". */
static void explain_create(struct run *run, struct err *err) {
	(void)run;
	if (err->code == ERR_ALREADY_EXISTS) {
		free(err->message);
		err->message = mem_print("%s exists already", err->step);
	}
}

static bool answer_create(struct run *run, const struct batch *b, struct err *err) {
	return run_one(run, &project_changed_shape, b, run->last, err);
}

static bool add_limit(struct run *run, struct batch *b, struct err *err) {
	const char *name;
	const char *given;
	int64_t limit = NO_LIMIT;
	char *detail = NULL;
	struct id id;

	if (!read_name(run->args, &name, err) || !opt_need(run->args, OPT_MAX_LEASES, &given, err) ||
	    !opt_limit(run->args, OPT_MAX_LEASES, &limit, err) || !run_id(run, &id, err) ||
	    !context_read(run->args, &detail, err)) {
		return false;
	}
	project_limit_add(b, id, name, limit, detail);
	free(detail);
	return true;
}

static bool add_deletion(struct run *run, struct batch *b, struct err *err) {
	return request_add(run, b, QUEUE_DELETE, TARGET_PROJECT, err);
}

/* Prints what a deletion would remove, once it is known that it would be queued. */
static bool show_deletion(struct run *run, struct err *err) {
	struct batch *b = perform_batch(run);
	struct target target;
	bool ok =
	    target_parse(operand(run->args, 0), TARGET_PROJECT, &target, err) && perform_add(run, b, err);

	target.whole = true;
	ok = ok && preview_show_after(run, b, &target, 1, err);
	batch_free(b);
	return ok;
}

static bool run_deletion(struct run *run, struct err *err) {
	return run->dry_run ? show_deletion(run, err) : perform_parts(run, err);
}

static bool add_list(struct run *run, struct batch *b, struct err *err) {
	struct selector selector = {0};
	struct row_filter filter = {0};
	struct project_ask ask = {.organization = target_name("org", operand(run->args, 0)),
	    .selector = &selector,
	    .filter = &filter};
	bool ok = (ask.organization == NULL || name_check("organization", ask.organization, err)) &&
		  opt_selector(run->args, &selector, err) && opt_filter(run->args, &filter, err);

	if (ok) {
		project_list_add(b, &ask);
		if (ask.organization != NULL) {
			org_show_add(b, ask.organization);
		}
	}
	selector_release(&selector);
	row_filter_release(&filter);
	return ok;
}

static bool answer_list(struct run *run, const struct batch *b, struct err *err) {
	const char *organization = target_name("org", operand(run->args, 0));

	return (organization == NULL || batch_count(b, run->step + 1) > 0 ||
		   lookup_not_found(TARGET_ORG, organization, err)) &&
	       run_list(run, &project_shape, b, run->step, err);
}

static bool look_show(struct run *run, struct batch *b, struct err *err) {
	return annotations_look(run, TARGET_PROJECT, b, err);
}

static bool add_show(struct run *run, struct batch *b, struct err *err) {
	return annotations_add(run, TARGET_PROJECT, b, err);
}

static bool answer_show(struct run *run, const struct batch *b, struct err *err) {
	return annotations_answer(run, TARGET_PROJECT, &project_shape, b, err);
}

const struct verb project_verbs[] = {
    {
	.words = "project create",
	.examples =
	    "berth project create acme/shop --max-leases 100 --pool shop-v4=10.1.0.0/28 --label env=prod\n",
	.synopsis = "ORG/NAME",
	.summary = "create a project with its pools and labels, all or nothing",
	.notes = "--pool NAME=RANGE[,RANGE…] creates a pool that serves this project only; its kind is\n"
		 "that of its ranges. Pool names are unique everywhere, not only in the project.\n"
		 "A pool of prefixes or blocks, or with other settings, is added by pool create --project.\n"
		 "An error names the step that failed; then nothing was created.\n",
	.texts = (const struct option_text[]){{OPT_POOL, "NAME=RANGE[,RANGE…]",
						  "a pool for this project only; may be repeated"},
	    {OPT_SPACE, "S", "routing domain of its pools, by default global"}, {OPT_END}},
	.options = (const enum option_id[]){OPT_MAX_LEASES, OPT_POOL, OPT_SPACE, OPT_LABEL, OPT_END},
	.repeated = (const enum option_id[]){OPT_POOL, OPT_LABEL, OPT_END},
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES,
	.add = add_create,
	.answer = answer_create,
	.explain = explain_create,
    },
    {
	.words = "project list",
	.examples = "berth project list acme\n"
		    "berth project list --filter 'used%>90'\n",
	.synopsis = "[ORG]",
	.summary = "list projects, their leases and limits",
	.options = (const enum option_id[]){OPT_SELECTOR, OPT_FILTER, OPT_END},
	.max = 1,
	.rows = FILTER_PROJECTS,
	.add = add_list,
	.answer = answer_list,
    },
    {
	.words = "project show",
	.examples = "berth project show acme/shop\n",
	.synopsis = "ORG/NAME",
	.summary = "show one project",
	.min = 1,
	.max = 1,
	.look = look_show,
	.add = add_show,
	.answer = answer_show,
    },
    {
	.words = "project limit",
	.examples = "berth project limit acme/shop --max-leases 200\n",
	.synopsis = "ORG/NAME --max-leases N|none",
	.summary = "set the limit of leases of a project",
	.notes = "A lease counts while it waits or holds a value, its reuse delay included. A limit\n"
		 "below the current number only stops new leases.\n",
	.options = (const enum option_id[]){OPT_MAX_LEASES, OPT_END},
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES,
	.add = add_limit,
	.answer = answer_create,
    },
    {
	.words = "project delete",
	.examples = "berth project delete acme/shop --dry-run\n",
	.synopsis = "ORG/NAME",
	.summary = "delete a project with its leases and pools",
	.notes = "From then on nothing new can be added. Its leases are released with their hooks; after\n"
		 "the last one its pools are deleted, and its name and its place in the organization are\n"
		 "free. Cancelling the command reopens it with what is left. --dry-run prints the plan:\n"
		 "{targets, sample, effect}.\n" REQUEST_NOTES,
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES | VERB_QUEUES,
	.run = run_deletion,
	.add = add_deletion,
	.answer = request_answer,
    },
    {0},
};
