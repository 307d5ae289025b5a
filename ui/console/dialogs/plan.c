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
#include "model/syntax/target.h"
#include "db/batch/rowset.h"
#include "ui/text/change.h"
#include "ui/text/column.h"
#include "ui/verbs/bulk.h"
#include "ui/verbs/call.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/verb.h"

/* The name of each act, its action in the queue, its targets, and whether even one takes a phrase. */
static const struct {
	const char *word;
	enum queue_action action;
	const char *one;
	const char *many;
	bool phrased;
} acts[PLAN_ACTS] = {
    [PLAN_RELEASE] = {"release", QUEUE_RELEASE, "lease", "leases", false},
    [PLAN_DRAIN] = {"drain", QUEUE_RELEASE, "lease", "leases", true},
    [PLAN_CORDON] = {"cordon", QUEUE_CORDON, "resource", "resources", false},
    [PLAN_UNCORDON] = {"uncordon", QUEUE_UNCORDON, "resource", "resources", false},
    [PLAN_EXTEND] = {"extend", QUEUE_EXTEND, "lease", "leases", false},
    [PLAN_TRANSFER] = {"transfer", QUEUE_TRANSFER, "lease", "leases", false},
    [PLAN_LABEL] = {"label", QUEUE_LABEL, "row", "rows", false},
    [PLAN_CANCEL] = {"cancel", QUEUE_RELEASE, "command", "commands", false},
    [PLAN_RETRY] = {"retry", QUEUE_RETRY, "command", "commands", false},
    [PLAN_SKIP] = {"skip", QUEUE_SKIP, "command", "commands", false},
    [PLAN_FORCE] = {"force", QUEUE_FORCE, "command", "commands", true},
    [PLAN_DELETE] = {"delete", QUEUE_DELETE, "project", "projects", true},
    [PLAN_RECLAIM] = {"reclaim", QUEUE_RECLAIM, "resource", "resources", false},
    [PLAN_DIRECT] = {"", QUEUE_RELEASE, "change", "changes", false},
};

enum queue_action plan_action(const struct plan *plan) {
	return acts[plan->act].action;
}

const char *plan_noun(const struct plan *plan, size_t count) {
	return count == 1 ? acts[plan->act].one : acts[plan->act].many;
}

const char *plan_word(const struct plan *plan) {
	return plan->act == PLAN_DIRECT ? call_args(plan->call)->verb->words : acts[plan->act].word;
}

void plan_open(struct plan *plan, enum plan_act act) {
	plan_release(plan);
	plan->act = act;
	plan->id = id_new();
	plan->until = TIME_NONE;
	plan->confirm.copies = true;
	plan->known = !plan_counts(plan);
	plan->phrased = acts[act].phrased;
}

void plan_release(struct plan *plan) {
	rowset_release(&plan->leases);
	rowset_release(&plan->rows);
	rowset_release(&plan->commands);
	rowset_release(&plan->changes);
	buf_release(&plan->text);
	call_free(plan->call);
	confirm_release(&plan->confirm);
	plan_list_release(&plan->list);
	free(plan->targets);
	selector_release(&plan->selector);
	free(plan->labels);
	metadata_release(&plan->edit);
	free(plan->holder);
	free(plan->heir);
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
	plan->phrased |= plan->count > 1 || target_selects(target) ||
			 (plan->act == PLAN_RELEASE && target->kind != TARGET_LEASE);
}

void plan_request(struct plan *plan, struct bulk *bulk) {
	const struct queue_request *request = &bulk->request;

	for (size_t i = 0; i < request->count; i++) {
		plan_target(plan, &request->targets[i]);
	}
	if (request->count > 0 && request->targets[0].selector != NULL) {
		plan->selector = bulk->targets.selector;
		bulk->targets.selector = (struct selector){0};
		plan->targets[0].selector = &plan->selector;
	}
	plan->until = request->action == QUEUE_EXTEND ? request->until : TIME_NONE;
	plan->duration = request->duration;
	plan->shorten = request->shorten;
	plan->heir = request->holder == NULL ? NULL : mem_text(request->holder);
	plan->edit = bulk->labels;
	bulk->labels = (struct metadata_edit){0};
}

void plan_row(struct plan *plan, const struct view *view, const void *row) {
	plan->view = view;
	plan->rows.rows = mem_grow(plan->rows.rows, plan->rows.count + 1, sizeof *plan->rows.rows);
	plan->rows.rows[plan->rows.count++] = row_copy(view->kind.shape->type, row);
}

void plan_adopt(struct plan *plan, const struct view *view, const void *row) {
	struct subject subject = {.act = plan->act};
	const char *refused = view->subject(row, &subject);

	if (refused == NULL && plan->count == 0 && plan->call == NULL) {
		plan->act = subject.act;
	} else if (refused == NULL && subject.act != plan->act) {
		refused = "it is so already";
	}
	if (refused == NULL) {
		subject.target.generation =
		    subject.generation != 0 ? subject.generation : subject.target.generation;
		plan_row(plan, view, row);
		plan_target(plan, &subject.target);
	} else if (plan->left_out++ == 0) {
		plan->left_why = refused;
	}
	free(subject.what);
	free(subject.note);
}

bool plan_counts(const struct plan *plan) {
	return plan->act == PLAN_RELEASE || plan->act == PLAN_DRAIN || plan->act == PLAN_DELETE;
}

bool plan_asks(const struct plan *plan) {
	return !plan->known;
}

/* Returns the request that it stands for, which borrows from it. */
static struct queue_request request_of(const struct plan *plan, const char *detail) {
	return (struct queue_request){.id = plan->id,
	    .action = acts[plan->act].action,
	    .targets = plan->targets,
	    .count = plan->count,
	    .reason = plan->reason == NULL ? "" : plan->reason,
	    .grace = plan_grace(plan),
	    .generation = plan->generation,
	    .until = plan->until,
	    .duration = plan->duration,
	    .shorten = plan->shorten,
	    .labels = plan->act == PLAN_LABEL ? &plan->edit : NULL,
	    .holder = plan->heir,
	    .detail = detail};
}

void plan_ask(const struct plan *plan, struct batch *b) {
	struct queue_request request = request_of(plan, NULL);

	for (size_t i = 0; plan->act == PLAN_CANCEL && i < plan->count; i++) {
		(void)queue_show_add(b, plan->targets[i].id);
	}
	if (plan->act != PLAN_CANCEL) {
		(void)queue_named_add(b, plan->targets, plan->count);
		(void)queue_plan_add(b, &request);
		(void)queue_sample_add(b, &request, PLAN_CARRY);
	}
	if (plan->act != PLAN_CANCEL && queue_item_kind(request.action, plan->targets) == TARGET_LEASE) {
		(void)release_busy_add(b, plan->targets, plan->count, PLAN_CARRY);
	}
}

bool plan_is_whole(const struct plan *plan) {
	return plan->phrased || plan->act == PLAN_DIRECT;
}

void plan_phrase(const struct plan *plan, struct buf *out) {
	if (plan->act == PLAN_DELETE) {
		phrase_of_delete(&plan->effect, plan->targets[0].name, out);
	} else if (plan_counts(plan)) {
		phrase_of_bulk(&plan->effect, plan_word(plan), "lease", out);
	} else if (plan->act == PLAN_DIRECT) {
		phrase_of_many("apply", plan->changed_all, "change", "changes", out);
	} else if (plan->effect.pools.count > 0) {
		struct effect effect = plan->effect;

		effect.targets = plan->frozen ? (int64_t)plan->count : effect.targets;
		phrase_of_bulk(&effect, plan_word(plan), acts[plan->act].one, out);
	} else if (plan->act == PLAN_LABEL) {
		const char *one = target_kind_names[target_single(plan->targets[0].kind)];
		char *many = mem_print("%ss", one);

		phrase_of_many(plan_word(plan), (int64_t)plan->count, one, many, out);
		free(many);
	} else {
		phrase_of_many(
		    plan_word(plan), (int64_t)plan->count, acts[plan->act].one, acts[plan->act].many, out);
	}
}

size_t plan_shortens(const struct plan *plan, int64_t now) {
	int64_t end = plan->duration != 0 ? now + plan->duration : plan->until;
	size_t count = 0;

	for (size_t i = 0; plan->act == PLAN_EXTEND && i < plan->rows.count; i++) {
		int64_t until = ((const struct lease *)plan->rows.rows[i])->until;

		count += end != TIME_NEVER && (until == TIME_NONE || until > end) ? 1 : 0;
	}
	return count;
}

void plan_after(const struct plan *plan, const void *row, int64_t now, const char *arrow, struct buf *out) {
	struct queue_request request = request_of(plan, NULL);
	struct foretold foretold;
	size_t before = out->len;

	if (plan->act == PLAN_CANCEL) {
		buf_printf(out, "state %s%s%s", command_state_names[((const struct command *)row)->state],
		    arrow, command_state_names[COMMAND_CANCELLED]);
	} else if (!plan_counts(plan)) {
		foretell(&foretold, &request, plan->view->kind.shape->type, row, now);
		change_words(&foretold.event, arrow, ", ", false, out);
		buf_puts(out, foretold.event.after != NULL && out->len == before ? "stays as it is" : "");
		foretold_release(&foretold);
	}
}

size_t plan_lines(const struct plan *plan) {
	return plan->leases.count > 0     ? plan->leases.count
	       : plan->act == PLAN_DIRECT ? plan->text_lines
					  : plan->rows.count;
}

static void put_line(const struct plan_lines *lines, size_t line, struct buf *out) {
	plan_line(lines->plan, line, lines->now, " -> ", out);
}

enum confirm_result plan_key(struct plan *plan, const struct key_event *event, int64_t now) {
	struct plan_lines lines = {plan, plan_lines(plan), now, put_line};
	bool letters = plan_is_whole(plan) && plan->known && plan->confirm.typed.text.len == 0;
	struct buf phrase = {0};
	enum confirm_result result;

	if (plan->busy || plan_list_key(&plan->list, &lines, letters, event)) {
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

static void add_cancel(const struct plan *plan, const char *detail, struct batch *b) {
	const char *reason = plan->reason == NULL ? "" : plan->reason;
	struct id *ids = mem_new(plan->count, sizeof *ids);

	for (size_t i = 0; i < plan->count; i++) {
		ids[i] = plan->targets[i].id;
	}
	if (plan->count == 1) {
		(void)queue_cancel_add(b, ids[0], reason, detail);
	} else {
		(void)queue_cancel_all_add(b, ids, plan->count, reason, detail);
	}
	free(ids);
}

void plan_add(const struct plan *plan, const char *detail, struct batch *b) {
	struct queue_request request = request_of(plan, detail);

	if (plan->act == PLAN_CANCEL) {
		add_cancel(plan, detail, b);
	} else {
		(void)queue_add(b, &request);
	}
}

int64_t plan_grace(const struct plan *plan) {
	return plan_counts(plan) ? PLAN_GRACE : 0;
}
