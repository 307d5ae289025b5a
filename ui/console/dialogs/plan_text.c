/*
 * A plan as texts: its title, as JSON and as a command.
 */
#include "ui/console/dialogs/plan.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/syntax/duration.h"
#include "model/syntax/instant.h"
#include "model/text/json.h"
#include "model/text/script.h"
#include "model/syntax/target.h"
#include "db/batch/rows.h"
#include "ui/console/dialogs/plan_direct.h"
#include "ui/console/screens/lease_badge.h"
#include "ui/text/column.h"
#include "ui/text/humanize.h"
#include "ui/text/plain_json.h"
#include "ui/text/shapes.h"
#include "ui/verbs/call.h"

static const char *const notes[PLAN_ACTS] = {
    [PLAN_CORDON] = "nothing more is allocated there; leases stay",
    [PLAN_UNCORDON] = "its free values can be allocated again",
    [PLAN_CANCEL] = "finished work stays; the rest is not started",
    [PLAN_RETRY] = "the hook runs again, as often as the worker tries",
    [PLAN_SKIP] = "the hook counts as done, and the lease continues",
    [PLAN_DELETE] = "it is closed at once: nothing new can be added; once its leases have ended its name is "
		    "free, and its labels and pools are gone",
    [PLAN_RECLAIM] = "it leaves its pool if it has no leases; else this is refused",
    [PLAN_FORCE] = "no hook and no delay: the lease is destroyed at once and its value is free",
};

void plan_describe(struct plan *plan) {
	struct buf text = {0};

	free(plan->note);
	plan->note = mem_text(notes[plan->act]);
	if (plan->act == PLAN_EXTEND && (plan->duration != 0 || plan->until != TIME_NONE)) {
		if (plan->duration != 0) {
			buf_puts(&text, "it expires ");
			duration_text(plan->duration, &text);
			buf_puts(&text, " after it is queued");
		} else if (plan->until == TIME_NEVER) {
			buf_puts(&text, "it never expires");
		} else {
			buf_puts(&text, "it expires ");
			instant_text(plan->until, &text);
		}
		plan->note = buf_take(&text);
	} else if (plan->act == PLAN_TRANSFER) {
		plan->note = mem_print("the new holder is %s; value, end and labels stay",
		    *plan->heir == '\0' ? "nobody" : plan->heir);
	}
}

void plan_line(const struct plan *plan, size_t line, int64_t now, const char *arrow, struct buf *out) {
	struct context context = {.now = now};
	size_t before = out->len;

	if (plan->act == PLAN_DIRECT) {
		plan_direct_line(plan, line, out);
		return;
	}
	if (plan->leases.count > 0) {
		lease_linear(plan->leases.rows[line], now, out);
		return;
	}
	plan_after(plan, plan->rows.rows[line], now, arrow, out);
	buf_puts(out, out->len > before ? ": " : "");
	plan->view->linear(plan->rows.rows[line], &context, out);
}

void plan_title(const struct plan *plan, struct buf *out) {
	if (plan->act == PLAN_DIRECT) {
		buf_puts(out, call_line(plan->call));
		return;
	}
	buf_puts(out, plan_word(plan));
	buf_char(out, ' ');
	buf_puts(out, plan->what == NULL ? "" : plan->what);
}

static void put_time(struct json *j, const struct plan *plan) {
	struct buf text = {0};

	if (plan->until != TIME_NONE) {
		json_put_key(j, "until");
		end_text(plan->until, &text);
		json_put_text(j, buf_text(&text));
		buf_cut(&text, 0);
	}
	if (plan->duration != 0) {
		json_put_key(j, "duration");
		duration_text(plan->duration, &text);
		json_put_text(j, buf_text(&text));
	}
	if (plan->shorten) {
		json_put_key(j, "shorten");
		json_put_bool(j, true);
	}
	buf_release(&text);
}

void plan_json(const struct plan *plan, struct buf *out) {
	struct json j = {.out = out};
	struct buf text = {0};

	if (plan->act == PLAN_DIRECT) {
		plan_direct_json(plan, out);
		return;
	}
	json_open_object(&j);
	json_put_key(&j, "id");
	json_put_id(&j, plan->id);
	json_put_key(&j, "action");
	json_put_text(&j, plan_word(plan));
	json_put_key(&j, "targets");
	targets_json(plan->targets, plan->count, &text);
	json_put_raw(&j, buf_text(&text));
	if (plan->generation != 0) {
		json_put_key(&j, "expect_generation");
		json_put_int(&j, plan->generation);
	}
	put_time(&j, plan);
	if (plan->act == PLAN_TRANSFER) {
		json_put_key(&j, "holder");
		json_put_text(&j, plan->heir);
	}
	if (plan->act == PLAN_LABEL) {
		json_put_key(&j, "set");
		json_put_raw(&j, buf_text(&plan->edit.set));
		json_put_key(&j, "delete");
		json_put_raw(&j, buf_text(&plan->edit.gone));
	}
	json_put_key(&j, "reason");
	json_put_text(&j, plan->reason == NULL ? "" : plan->reason);
	if (plan_counts(plan)) {
		json_put_key(&j, "leases");
		json_put_int(&j, plan->effect.targets);
		json_put_key(&j, "effect");
		buf_cut(&text, 0);
		effect_json(&plan->effect, &text);
		json_put_raw(&j, buf_text(&text));
	}
	json_close_object(&j);
	buf_release(&text);
}

/* The words before the targets on the command line. */
static const char *const verbs[PLAN_ACTS] = {[PLAN_RELEASE] = "release",
    [PLAN_DRAIN] = "release",
    [PLAN_CORDON] = "resource cordon",
    [PLAN_UNCORDON] = "resource uncordon",
    [PLAN_EXTEND] = "extend",
    [PLAN_TRANSFER] = "transfer",
    [PLAN_LABEL] = "label",
    [PLAN_CANCEL] = "queue cancel",
    [PLAN_RETRY] = "queue retry",
    [PLAN_SKIP] = "queue skip",
    [PLAN_FORCE] = "queue force",
    [PLAN_DELETE] = "project delete",
    [PLAN_RECLAIM] = "resource reclaim"};

static void put_place(const struct target *target, struct buf *out) {
	buf_printf(out, " resource/%s/", target->name);
	if (target->any_size) {
		range_name(&target->range, out);
	} else {
		range_text(&target->range, out);
	}
}

/* Appends the options that select leases. */
static void put_selection(const struct plan *plan, const struct target *target, struct buf *out) {
	const char *comma = " --state ";

	if (target->name[0] != '\0') {
		buf_printf(out, " --pool %s", target->name);
	}
	if (target->holder != NULL) {
		buf_puts(out, " --holder ");
		script_quote(target->holder, out);
	}
	if (plan->labels != NULL || (target->name[0] == '\0' && target->holder == NULL)) {
		buf_puts(out, " -l ");
		script_quote(plan->labels == NULL ? "" : plan->labels, out);
	}
	for (unsigned i = 0; lease_state_names[i] != NULL; i++) {
		if ((target->states & 1U << i) != 0) {
			buf_printf(out, "%s%s", comma, lease_state_names[i]);
			comma = ",";
		}
	}
}

static void put_target(const struct plan *plan, const struct target *target, struct buf *out) {
	char id[ID_TEXT];

	if (target->kind == TARGET_RESOURCE && id_is_nil(target->id)) {
		put_place(target, out);
		return;
	}

	switch (target->kind) {
	case TARGET_LEASES:
	case TARGET_RESOURCES:
	case TARGET_POOLS:
		put_selection(plan, target, out);
		break;
	case TARGET_POOL:
		buf_printf(out, " pool/%s", target->name);
		break;
	case TARGET_PROJECT:
		buf_printf(out, target->whole ? " %s" : " project/%s", target->name);
		break;
	case TARGET_COMMAND:
		buf_printf(out, " %s", id_text(target->id, id));
		break;
	default:
		buf_printf(out, " %s/%s", target_kind_names[target->kind], id_text(target->id, id));
		break;
	}
}

static void put_span(const char *option, int64_t span, struct buf *out) {
	if (span != 0) {
		buf_puts(out, option);
		duration_text(span, out);
	}
}

/* Appends the words of a label: "env=prod old-". */
static void put_edit(const struct metadata_edit *edit, struct buf *out) {
	json_t *set = json_loads(buf_text(&edit->set), 0, NULL);
	json_t *gone = json_loads(buf_text(&edit->gone), 0, NULL);
	const char *key;
	json_t *value;

	json_object_foreach(set, key, value) {
		char *word = mem_print("%s=%s", key, json_string_value(value));

		buf_char(out, ' ');
		script_quote(word, out);
		free(word);
	}
	for (size_t i = 0; i < json_array_size(gone); i++) {
		buf_printf(out, " %s-", json_string_value(json_array_get(gone, i)));
	}
	json_decref(set);
	json_decref(gone);
}

/* Appends one command for each target: `label` takes one, and acts at once; or the one of a selection. */
static void label_command(const struct plan *plan, struct buf *out) {
	static const char *const of[] = {
	    [TARGET_LEASES] = "lease", [TARGET_RESOURCES] = "resource", [TARGET_POOLS] = "pool"};
	char id[ID_TEXT];

	if (target_selects(plan->targets)) {
		buf_printf(out, "berth label --of %s", of[plan->targets->kind]);
		put_selection(plan, plan->targets, out);
		put_edit(&plan->edit, out);
		buf_printf(out, " --id %s --yes", id_text(plan->id, id));
		return;
	}
	for (size_t i = 0; i < plan->count; i++) {
		buf_puts(out, i == 0 ? "berth label" : "\nberth label");
		put_target(plan, &plan->targets[i], out);
		put_edit(&plan->edit, out);
	}
}

void plan_command(const struct plan *plan, struct buf *out) {
	char id[ID_TEXT];

	if (plan->act == PLAN_LABEL || plan->act == PLAN_DIRECT) {
		(plan->act == PLAN_LABEL ? label_command : plan_direct_command)(plan, out);
		return;
	}
	buf_printf(out, "berth %s", verbs[plan->act]);
	for (size_t i = 0; i < plan->count; i++) {
		put_target(plan, &plan->targets[i], out);
	}
	if (plan->until != TIME_NONE) {
		buf_puts(out, " --until ");
		end_text(plan->until, out);
	}
	put_span(" --for ", plan->duration, out);
	buf_puts(out, plan->shorten ? " --force" : "");
	if (plan->act == PLAN_TRANSFER) {
		buf_puts(out, " --holder ");
		script_quote(plan->heir, out);
	}
	if (plan->generation != 0) {
		buf_printf(out, " --expect-generation %" PRId64, plan->generation);
	}
	put_span(" --grace ", plan_grace(plan), out);
	if (plan->reason != NULL) {
		buf_puts(out, " --reason ");
		script_quote(plan->reason, out);
	}
	if (plan->act != PLAN_CANCEL) {
		buf_printf(out, " --id %s", id_text(plan->id, id));
	}
	/* A deletion asks no question on the command line. */
	buf_puts(out, plan->phrased && plan->act != PLAN_DELETE ? " --yes" : "");
}
