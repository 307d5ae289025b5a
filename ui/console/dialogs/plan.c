#include "ui/console/dialogs/plan.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/phrase.h"
#include "model/queue.h"
#include "db/batch/rowset.h"

/* The name of each act, and its action in the queue. */
static const struct {
	const char *word;
	enum queue_action action;
} acts[PLAN_ACTS] = {
    [PLAN_RELEASE] = {"release", QUEUE_RELEASE},
    [PLAN_DRAIN] = {"drain", QUEUE_RELEASE},
    [PLAN_CORDON] = {"cordon", QUEUE_CORDON},
    [PLAN_UNCORDON] = {"uncordon", QUEUE_UNCORDON},
    [PLAN_EXTEND] = {"extend", QUEUE_EXTEND},
    [PLAN_CANCEL] = {"cancel", QUEUE_RELEASE},
    [PLAN_RETRY] = {"retry", QUEUE_RETRY},
    [PLAN_SKIP] = {"skip", QUEUE_SKIP},
    [PLAN_FORCE] = {"force", QUEUE_FORCE},
    [PLAN_DELETE] = {"delete", QUEUE_DELETE},
};

const char *plan_word(const struct plan *plan) {
	return acts[plan->act].word;
}

void plan_open(struct plan *plan, enum plan_act act) {
	plan_release(plan);
	plan->act = act;
	plan->id = id_new();
	plan->until = TIME_NONE;
	plan->confirm.copies = true;
	plan->known = !plan_asks(plan);
	plan->phrased = act == PLAN_DRAIN || act == PLAN_DELETE;
}

void plan_release(struct plan *plan) {
	rowset_release(&plan->leases);
	confirm_release(&plan->confirm);
	free(plan->targets);
	selector_release(&plan->selector);
	free(plan->labels);
	free(plan->holder);
	free(plan->what);
	free(plan->note);
	free(plan->reason);
	effect_release(&plan->effect);
	*plan = (struct plan){0};
}

void plan_target(struct plan *plan, const struct target *target) {
	plan->targets = mem_grow(plan->targets, plan->count + 1, sizeof *plan->targets);
	plan->targets[plan->count++] = *target;
	if (target->holder != NULL) {
		free(plan->holder);
		plan->holder = mem_text(target->holder);
		plan->targets[plan->count - 1].holder = plan->holder;
	}
	plan->phrased = plan->act == PLAN_DRAIN || plan->act == PLAN_DELETE ||
			(plan->act == PLAN_RELEASE && (plan->count > 1 || target->kind != TARGET_LEASE));
}

void plan_select(struct plan *plan, struct selector *selector, const char *text) {
	plan->selector = *selector;
	*selector = (struct selector){0};
	plan->targets[0].selector = &plan->selector;
	plan->labels = mem_text(text);
}

bool plan_counts(const struct plan *plan) {
	return plan->act == PLAN_RELEASE || plan->act == PLAN_DRAIN || plan->act == PLAN_DELETE;
}

bool plan_asks(const struct plan *plan) {
	return !plan->known && plan_counts(plan);
}

void plan_ask(const struct plan *plan, struct batch *b) {
	(void)release_plan_add(b, plan->targets, plan->count);
	(void)release_sample_add(b, plan->targets, plan->count, PLAN_CARRY);
}

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

void plan_take(struct plan *plan, const struct batch *b) {
	size_t count = batch_count(b, 1);

	effect_take(&plan->effect, b, 0);
	rowset_take(&plan->leases, &row_lease, b, 1);
	plan->known = true;
	if (plan->act == PLAN_RELEASE && count > 0 && (int64_t)count == plan->effect.targets) {
		carry(plan);
	}
	if (!plan->phrased && plan->count == 1) {
		plan->generation = plan->targets[0].generation;
		plan->targets[0].generation = 0; /* the command has it instead */
	}
}

void plan_phrase(const struct plan *plan, struct buf *out) {
	if (plan->act == PLAN_DELETE) {
		phrase_of_delete(&plan->effect, plan->targets[0].name, out);
	} else {
		phrase_of_release(&plan->effect, out);
	}
}

enum confirm_result plan_key(struct plan *plan, const struct key_event *event) {
	struct buf phrase = {0};
	enum confirm_result result;

	if (plan->busy) {
		return CONFIRM_WAITS;
	}
	if (plan->phrased) {
		plan_phrase(plan, &phrase);
	}
	/* Until the effect is known, a plan can only be left. */
	result = confirm_key(&plan->confirm, plan->phrased && plan->known ? buf_text(&phrase) : NULL, event);
	buf_release(&phrase);
	return plan->known || result == CONFIRM_LEFT || result == CONFIRM_PASTED ? result : CONFIRM_WAITS;
}

void plan_add(const struct plan *plan, const char *detail, struct batch *b) {
	struct queue_request request = {.id = plan->id,
	    .action = acts[plan->act].action,
	    .targets = plan->targets,
	    .count = plan->count,
	    .reason = plan->reason == NULL ? "" : plan->reason,
	    .grace = plan_grace(plan),
	    .generation = plan->generation,
	    .until = plan->until,
	    .duration = plan->duration,
	    .detail = detail};

	if (plan->act == PLAN_CANCEL) {
		(void)queue_cancel_add(b, plan->targets[0].id, request.reason, detail);
	} else {
		(void)queue_add(b, &request);
	}
}

int64_t plan_grace(const struct plan *plan) {
	return plan->act == PLAN_DELETE || (plan->act == PLAN_RELEASE && !plan->phrased) ? PLAN_GRACE : 0;
}
