/*
 * The organizations of the demo, with limits that are near or reached.
 */
#include "ui/verbs/demo_data.h"

#include "db/base/clock.h"
#include "db/base/err.h"
#include "model/project.h"
#include "model/syntax/range.h"
#include "ui/verbs/demo_dice.h"

/* Name the organization of a project up to the slash. */
static const struct {
	const char *name;
	int64_t max_projects;
} orgs[] = {{"acme", 4}, {"lab", 2}, {"umbra", NO_LIMIT}};

static const struct {
	const char *name; /* "org/name" */
	int64_t max_leases;
	const char *pool; /* of its own */
	const char *range;
	int64_t held;
	const char *labels;
} projects[] = {
    {"acme/web", 60, "acme-web", "1-100", 57, "{\"env\":\"prod\"}"},
    {"acme/data", 40, "acme-data", "1-64", 40, "{\"env\":\"prod\",\"team\":\"data\"}"},
    {"acme/ops", NO_LIMIT, "acme-ops", "1-32", 4, "{\"env\":\"test\"}"},
    {"lab/bench", 20, "lab-bench", "1-50", 12, NULL},
    {"lab/field", NO_LIMIT, "lab-field", "1-50", 0, NULL},
    {"umbra/mail", NO_LIMIT, "umbra-mail", "1-500", 120, "{\"env\":\"PROD\"}"},
};

static void add_project(struct batch *b, size_t at, unsigned *dice) {
	struct range range;
	struct err err = {0};
	struct project_pool pool = {
	    .name = projects[at].pool, .kind = KIND_NUMBER, .ranges = &range, .count = 1};

	if (!range_parse(projects[at].range, KIND_NUMBER, &range, &err)) {
		err_release(&err);
		return;
	}
	project_create_add(b,
	    &(struct project_new){.id = dice_id(dice),
		.name = projects[at].name,
		.max_leases = projects[at].max_leases,
		.space = projects[at].pool,
		.pools = &pool,
		.count = 1,
		.warn = POOL_WARN,
		.crit = POOL_CRIT,
		.labels = projects[at].labels},
	    "{}");
	if (projects[at].held > 0) {
		lease_allocate_add(b, &(struct allocate){.id = dice_id(dice),
					  .pool = projects[at].pool,
					  .project = projects[at].name,
					  .holder = projects[at].name,
					  .until = TIME_NONE,
					  .count = projects[at].held,
					  .detail = "{}"});
	}
}

void demo_tenants_add(struct batch *b, unsigned *dice) {
	for (size_t i = 0; i < sizeof orgs / sizeof *orgs; i++) {
		org_create_add(b, dice_id(dice), orgs[i].name, orgs[i].max_projects, "{}");
	}
	for (size_t i = 0; i < sizeof projects / sizeof *projects; i++) {
		add_project(b, i, dice);
	}
}
