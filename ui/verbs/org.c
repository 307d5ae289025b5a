#include "ui/verbs/verb.h"

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "model/project.h"
#include "model/syntax/selector.h"
#include "ui/cli/annotations.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/context.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/text/shapes.h"

/* Adds a new organization, or sets the limit of one. */
typedef size_t (*org_add)(
    struct batch *b, struct id id, const char *name, int64_t max_projects, const char *detail);

static bool add_org(struct run *run, struct batch *b, org_add add, struct err *err) {
	const char *name = target_name("org", operand(run->args, 0));
	int64_t limit = NO_LIMIT;
	char *detail = NULL;
	struct id id;

	if (!name_check("organization", name, err) || !opt_limit(run->args, OPT_MAX_PROJECTS, &limit, err) ||
	    !run_id(run, &id, err) || !context_read(run->args, &detail, err)) {
		return false;
	}
	add(b, id, name, limit, detail);
	free(detail);
	return true;
}

static bool add_create(struct run *run, struct batch *b, struct err *err) {
	return add_org(run, b, org_create_add, err);
}

/* Adds the name to the error of the constraint. */
static void explain_create(struct run *run, struct err *err) {
	if (err->code == ERR_ALREADY_EXISTS) {
		const char *name = target_name("org", operand(run->args, 0));

		free(err->message);
		err->message = mem_print("organization %s exists already", name);
		err_hint(err, "berth org limit %s sets its limit", name);
	}
}

static bool add_limit(struct run *run, struct batch *b, struct err *err) {
	const char *limit;

	return opt_need(run->args, OPT_MAX_PROJECTS, &limit, err) && add_org(run, b, org_limit_add, err);
}

static bool answer_org(struct run *run, const struct batch *b, struct err *err) {
	return run_one(run, &org_changed_shape, b, run->step, err);
}

static bool add_list(struct run *run, struct batch *b, struct err *err) {
	struct selector selector = {0};
	const struct project_ask ask = {.selector = &selector};
	bool ok = opt_selector(run->args, &selector, err);

	if (ok) {
		org_list_add(b, &ask);
	}
	selector_release(&selector);
	return ok;
}

static bool answer_list(struct run *run, const struct batch *b, struct err *err) {
	return run_list(run, &org_shape, b, run->step, err);
}

static bool look_show(struct run *run, struct batch *b, struct err *err) {
	return annotations_look(run, TARGET_ORG, b, err);
}

static bool add_show(struct run *run, struct batch *b, struct err *err) {
	return annotations_add(run, TARGET_ORG, b, err);
}

static bool answer_show(struct run *run, const struct batch *b, struct err *err) {
	return annotations_answer(run, TARGET_ORG, &org_shape, b, err);
}

const struct verb org_verbs[] = {
    {
	.words = "org create",
	.examples = "berth org create acme --max-projects 20\n",
	.synopsis = "NAME [--max-projects N]",
	.summary = "create an organization, to which projects belong",
	.options = (const enum option_id[]){OPT_MAX_PROJECTS, OPT_END},
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES,
	.add = add_create,
	.answer = answer_org,
	.explain = explain_create,
    },
    {
	.words = "org limit",
	.examples = "berth org limit acme --max-projects none\n",
	.synopsis = "ORG --max-projects N|none",
	.summary = "set the limit of projects of an organization",
	.notes = "A limit below the current number only stops new projects.\n",
	.options = (const enum option_id[]){OPT_MAX_PROJECTS, OPT_END},
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES,
	.add = add_limit,
	.answer = answer_org,
    },
    {
	.words = "org list",
	.examples = "berth org list\n",
	.synopsis = "",
	.summary = "list organizations, their projects and limits",
	.options = (const enum option_id[]){OPT_SELECTOR, OPT_END},
	.add = add_list,
	.answer = answer_list,
    },
    {
	.words = "org show",
	.examples = "berth org show acme\n",
	.synopsis = "ORG",
	.summary = "show one organization",
	.min = 1,
	.max = 1,
	.look = look_show,
	.add = add_show,
	.answer = answer_show,
    },
    {0},
};
