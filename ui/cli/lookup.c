#include "ui/cli/lookup.h"

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/project.h"
#include "model/queue.h"
#include "model/resource.h"
#include "ui/cli/run.h"
#include "ui/verbs/parse/args.h"

/* The verb that lists objects of the kind. */
static const char *const lists[] = {
    [TARGET_LEASE] = "lease list",
    [TARGET_RESOURCE] = "resource list",
    [TARGET_POOL] = "pool list",
    [TARGET_COMMAND] = "queue list",
    [TARGET_ORG] = "org list",
    [TARGET_PROJECT] = "project list",
    [TARGET_ANY] = NULL,
};

bool lookup_not_found(enum target_kind kind, const char *text, struct err *err) {
	const char *word = target_kind_names[kind];

	err_set(err, ERR_NOT_FOUND, "%s %s does not exist", kind == TARGET_ORG ? "organization" : word,
	    target_name(word, text));
	if (lists[kind] != NULL) {
		err_hint(err, "berth %s shows the existing ones", lists[kind]);
	}
	return false;
}

static void look_add(struct batch *b, const struct target *target) {
	switch (target->kind) {
	case TARGET_LEASE:
		lease_show_add(b, target->id);
		break;
	case TARGET_RESOURCE:
		if (id_is_nil(target->id)) {
			resource_find_add(b, target->name, &target->range, target->any_size);
		} else {
			resource_show_add(b, target->id);
		}
		break;
	case TARGET_COMMAND:
		queue_show_add(b, target->id);
		break;
	case TARGET_ORG:
		org_show_add(b, target->name);
		break;
	case TARGET_PROJECT:
		project_show_add(b, target->name);
		break;
	default:
		pool_show_add(b, target->name);
		break;
	}
}

/* Returns the id of a row that was found. */
static struct id id_of(enum target_kind kind, const void *row) {
	switch (kind) {
	case TARGET_LEASE:
		return ((const struct lease *)row)->id;
	case TARGET_RESOURCE:
		return ((const struct resource *)row)->id;
	case TARGET_COMMAND:
		return ((const struct command *)row)->id;
	case TARGET_ORG:
		return ((const struct org *)row)->id;
	case TARGET_PROJECT:
		return ((const struct project *)row)->id;
	default:
		return ((const struct pool *)row)->id;
	}
}

bool lookup_add(struct batch *b, const char *text, enum target_kind expected, struct err *err) {
	struct target target;

	if (!target_parse(text, expected, &target, err)) {
		return false;
	}
	look_add(b, &target);
	return true;
}

bool lookup_found(const struct run *run, size_t step, const char *text, enum target_kind expected,
    enum target_kind *kind, struct id *id, struct err *err) {
	const struct batch *b = run->found;
	struct target target;

	if (!target_parse(text, expected, &target, err)) {
		return false;
	}
	if (batch_count(b, step) == 0) {
		return target.kind == TARGET_POOL ? run_no_pool(run, target.name, err)
						  : lookup_not_found(target.kind, text, err);
	}
	*kind = target.kind;
	*id = id_of(target.kind, batch_row(b, step, 0));
	return true;
}
