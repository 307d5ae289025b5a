#include "ui/console/dialogs/plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/lease.h"
#include "model/queue.h"
#include "ui/text/row.h"

/* What each act is called, and asks the queue for. */
static const struct {
	const char *word;
	enum queue_action action;
} acts[DRAFT_ACTS] = {
    [DRAFT_RELEASE] = {"release", QUEUE_RELEASE},
    [DRAFT_DRAIN] = {"drain", QUEUE_RELEASE},
    [DRAFT_CORDON] = {"cordon", QUEUE_CORDON},
    [DRAFT_UNCORDON] = {"uncordon", QUEUE_UNCORDON},
    [DRAFT_EXTEND] = {"extend", QUEUE_EXTEND},
    [DRAFT_CANCEL] = {"cancel", QUEUE_RELEASE},
    [DRAFT_RETRY] = {"retry", QUEUE_RETRY},
    [DRAFT_SKIP] = {"skip", QUEUE_SKIP},
    [DRAFT_FORCE] = {"force", QUEUE_FORCE},
    [DRAFT_DELETE] = {"delete", QUEUE_DELETE},
};

const char *draft_word(const struct draft *draft) {
	return acts[draft->act].word;
}

void draft_open(struct draft *draft, enum draft_act act) {
	draft_release(draft);
	draft->act = act;
	draft->id = id_new();
	draft->until = TIME_NONE;
	draft->known = !draft_asks(draft);
	draft->phrased = act == DRAFT_DRAIN || act == DRAFT_DELETE;
}

void draft_release(struct draft *draft) {
	rowset_release(&draft->leases);
	prompt_release(&draft->phrase);
	free(draft->targets);
	free(draft->what);
	free(draft->note);
	free(draft->reason);
	plan_release(&draft->plan);
	*draft = (struct draft){0};
}

void draft_target(struct draft *draft, const struct target *target) {
	draft->targets = mem_grow(draft->targets, draft->count + 1, sizeof *draft->targets);
	draft->targets[draft->count++] = *target;
	draft->phrased = draft->act == DRAFT_DRAIN || draft->act == DRAFT_DELETE ||
			 (draft->act == DRAFT_RELEASE && (draft->count > 1 || target->kind != TARGET_LEASE));
}

bool draft_counts(const struct draft *draft) {
	return draft->act == DRAFT_RELEASE || draft->act == DRAFT_DRAIN || draft->act == DRAFT_DELETE;
}

bool draft_asks(const struct draft *draft) {
	return !draft->known && draft_counts(draft);
}

void draft_ask(const struct draft *draft, struct batch *b) {
	(void)release_plan_add(b, draft->targets, draft->count);
	(void)release_sample_add(b, draft->targets, draft->count, DRAFT_CARRY);
}

/* The generation at which a lease was marked; 0: it was not. */
static int64_t seen_generation(const struct draft *draft, struct id lease) {
	for (size_t i = 0; i < draft->count; i++) {
		if (draft->targets[i].kind == TARGET_LEASE && id_equal(draft->targets[i].id, lease)) {
			return draft->targets[i].generation;
		}
	}
	return 0;
}

/* From now on the plan means these leases and no others, as they were seen. */
static void carry(struct draft *draft) {
	struct target *targets = mem_new(draft->leases.count, sizeof *targets);

	for (size_t i = 0; i < draft->leases.count; i++) {
		const struct lease *lease = draft->leases.rows[i];
		int64_t seen = seen_generation(draft, lease->id);

		draft->changed += seen != 0 && seen != lease->generation ? 1 : 0;
		targets[i] = (struct target){.kind = TARGET_LEASE,
		    .id = lease->id,
		    .generation = seen != 0 ? seen : lease->generation};
	}
	free(draft->targets);
	draft->targets = targets;
	draft->count = draft->leases.count;
}

bool draft_take(struct draft *draft, const struct batch *b, struct err *err) {
	const struct document *document = batch_row(b, 0, 0);
	size_t count = batch_count(b, 1);
	struct plan plan;

	if (!plan_parse(document->document, &plan, err)) {
		return false;
	}
	plan_release(&draft->plan);
	draft->plan = plan;
	rowset_take(&draft->leases, &row_lease, b, 1);
	draft->known = true;
	if (draft->act == DRAFT_RELEASE && count > 0 && (int64_t)count == plan.targets) {
		carry(draft);
	}
	if (!draft->phrased && draft->count == 1) {
		draft->generation = draft->targets[0].generation;
		draft->targets[0].generation = 0; /* it is the command's */
	}
	return true;
}

static enum draft_result press_line(const struct draft *draft, const struct press *press) {
	switch (press->key) {
	case 'y':
		return draft->known ? DRAFT_CONFIRMED : DRAFT_GOES_ON;
	case PRESS_ESCAPE:
	case PRESS_CTRL('c'):
	case 'q':
	case 'n':
		return DRAFT_LEFT;
	case 'J':
		return draft->known ? DRAFT_COPIES_JSON : DRAFT_GOES_ON;
	case 'C':
		return draft->known ? DRAFT_COPIES_COMMAND : DRAFT_GOES_ON;
	default:
		return DRAFT_GOES_ON;
	}
}

void draft_phrase(const struct draft *draft, struct buf *out) {
	if (draft->act == DRAFT_DELETE) {
		buf_printf(out, "delete %" PRId64 " %s", draft->plan.targets, draft->targets[0].name);
	} else {
		plan_phrase(&draft->plan, out);
	}
}

static bool is_phrase(const struct draft *draft) {
	struct buf phrase = {0};
	bool is;

	draft_phrase(draft, &phrase);
	is = strcmp(buf_text(&phrase), prompt_text(&draft->phrase)) == 0;
	buf_release(&phrase);
	return is;
}

/* Before anything is typed the keys are those of a line. */
static enum draft_result press_phrase(struct draft *draft, const struct press *press) {
	if (press->key == PRESS_PASTE || (!draft->known && press->key != PRESS_ESCAPE)) {
		return press->key == PRESS_CTRL('c') ? DRAFT_LEFT : DRAFT_GOES_ON;
	}
	if (draft->phrase.text.len == 0 && (press->key == 'J' || press->key == 'C')) {
		return press_line(draft, press);
	}
	switch (prompt_press(&draft->phrase, press)) {
	case PROMPT_ACCEPTED:
		return is_phrase(draft) ? DRAFT_CONFIRMED : DRAFT_WRONG;
	case PROMPT_DROPPED:
		return DRAFT_LEFT;
	default:
		return DRAFT_GOES_ON;
	}
}

enum draft_result draft_press(struct draft *draft, const struct press *press) {
	if (draft->busy) {
		return DRAFT_GOES_ON;
	}
	return draft->phrased ? press_phrase(draft, press) : press_line(draft, press);
}

void draft_add(const struct draft *draft, const char *detail, struct batch *b) {
	struct wish wish = {.id = draft->id,
	    .action = acts[draft->act].action,
	    .targets = draft->targets,
	    .count = draft->count,
	    .reason = draft->reason == NULL ? "" : draft->reason,
	    .grace = draft_grace(draft),
	    .generation = draft->generation,
	    .until = draft->until,
	    .duration = draft->duration,
	    .detail = detail};

	if (draft->act == DRAFT_CANCEL) {
		(void)queue_cancel_add(b, draft->targets[0].id, wish.reason, detail);
	} else {
		(void)queue_add(b, &wish);
	}
}

int64_t draft_grace(const struct draft *draft) {
	return draft->act == DRAFT_DELETE || (draft->act == DRAFT_RELEASE && !draft->phrased) ? DRAFT_GRACE
											      : 0;
}
