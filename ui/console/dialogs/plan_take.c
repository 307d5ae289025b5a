/*
 * The server's answer to a plan: its effect, and the rows that it names from then on.
 */
#include "ui/console/dialogs/plan.h"

#include <stdlib.h>

#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/batch/rows.h"
#include "model/queue.h"
#include "model/syntax/target.h"

/* The steps of plan_ask(): what the names stand for comes first, so that what is shown may be newer than it,
 * and is refused then, but never older. */
enum { STEP_NAMED, STEP_EFFECT, STEP_SAMPLE, STEP_BUSY };

/* Returns the generation at which a lease was marked; 0: it was not. */
static int64_t seen_generation(const struct plan *plan, struct id lease) {
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->targets[i].kind == TARGET_LEASE && id_equal(plan->targets[i].id, lease)) {
			return plan->targets[i].generation;
		}
	}
	return 0;
}

/* Limits the plan to these leases, as they were seen. */
static void carry(struct plan *plan) {
	struct target *targets = mem_new(plan->leases.count, sizeof *targets);

	for (size_t i = 0; i < plan->leases.count; i++) {
		const struct lease *lease = plan->leases.rows[i];
		int64_t seen = seen_generation(plan, lease->id);

		plan->changed += seen != 0 && seen != lease->generation ? 1 : 0;
		targets[i] = (struct target){.kind = TARGET_LEASE,
		    .id = lease->id,
		    .generation = seen != 0 ? seen : lease->generation};
	}
	free(plan->targets);
	plan->targets = targets;
	plan->count = plan->leases.count;
}

/* Takes the leases that it ends. */
static void take_leases(struct plan *plan, const struct batch *b) {
	size_t count = batch_count(b, STEP_SAMPLE);

	rowset_take(&plan->leases, &row_lease, b, STEP_SAMPLE);
	if (plan->act == PLAN_RELEASE && count > 0 && (int64_t)count == plan->effect.targets) {
		carry(plan);
	}
}

/* Returns the view that has the rows of its targets. */
static const struct view *view_of(const struct plan *plan) {
	static const struct view *const views_of[] = {[TARGET_LEASE] = &view_leases,
	    [TARGET_RESOURCE] = &view_resources,
	    [TARGET_POOL] = &view_pools,
	    [TARGET_COMMAND] = &view_queue};

	return views_of[queue_item_kind(plan_action(plan), plan->targets)];
}

/* Names the rows of targets that were named one by one, in place of what was typed: the one, or how many. */
static void describe_rows(struct plan *plan, size_t named) {
	struct subject subject = {.act = plan->act};

	if (named == 0 || plan->rows.count == 0) {
		return;
	}
	free(plan->what);
	if (named > 1) {
		plan->what = mem_print("%zu %s", plan->count, plan_noun(plan, plan->count));
		return;
	}
	(void)plan->view->subject(plan->rows.rows[0], &subject);
	plan->what = subject.what;
	free(subject.note);
}

/* Takes the rows of the targets that were typed, and names them from now on unless there are too many. */
static void take_rows(struct plan *plan, const struct batch *b, size_t first, size_t end) {
	const struct view *view = plan->act == PLAN_CANCEL ? &view_queue : view_of(plan);
	struct target *targets = plan->targets;
	size_t named = plan->count;
	size_t count = 0;

	plan->targets = NULL;
	plan->count = 0;
	for (size_t step = first; step < end; step++) {
		for (size_t i = 0; i < batch_count(b, step); i++) {
			plan_adopt(plan, view, batch_row(b, step, i));
			count++;
		}
	}
	plan->frozen = count < PLAN_CARRY || (int64_t)count == plan->effect.targets;
	if (plan->frozen) {
		describe_rows(plan, target_selects(targets) ? 0 : named);
		free(targets);
	} else {
		free(plan->targets);
		plan->targets = targets;
		plan->count = named;
	}
}

/* Moves the generation of a single target to the command, unless another one was typed. */
static void take_generation(struct plan *plan) {
	int64_t seen = plan->targets[0].generation;

	plan->changed += !plan_counts(plan) && plan->generation != 0 && plan->generation != seen ? 1 : 0;
	plan->generation = plan->generation != 0 ? plan->generation : seen;
	plan->targets[0].generation = 0;
}

void plan_take(struct plan *plan, const struct batch *b) {
	size_t steps = batch_steps(b);

	plan->known = true;
	if (plan->act == PLAN_CANCEL) {
		take_rows(plan, b, 0, steps);
		return;
	}
	queue_named_take(plan->targets, plan->count, b, STEP_NAMED);
	effect_take(&plan->effect, b, STEP_EFFECT);
	if (steps > STEP_BUSY) {
		rowset_take(&plan->commands, &row_busy, b, STEP_BUSY);
	}
	if (plan_counts(plan)) {
		take_leases(plan, b);
	} else {
		take_rows(plan, b, STEP_SAMPLE, STEP_SAMPLE + 1);
	}
	if (!plan->phrased && plan->count == 1) {
		take_generation(plan);
	}
}

/* Returns whether it names all that it extends, and would end each of them earlier, which is refused. */
static bool shortens_all(const struct plan *plan, int64_t now) {
	return !plan->shorten && plan->rows.count > 0 && plan->rows.count == plan->count &&
	       plan_shortens(plan, now) == plan->count;
}

const char *plan_refuses(const struct plan *plan, int64_t now) {
	if (plan->act == PLAN_DIRECT || plan->act == PLAN_DELETE) {
		return NULL;
	}
	if (plan_counts(plan)) {
		return effect_is_empty(&plan->effect) ? "there is nothing to release" : NULL;
	}
	if (shortens_all(plan, now)) {
		return plan->count == 1
			   ? "the lease would end earlier than it does: extend --force allows that"
			   : "all of the leases would end earlier than they do: extend --force allows that";
	}
	return plan->rows.count > 0 ? NULL : plan->left_why != NULL ? plan->left_why : "nothing matches";
}
