/*
 * A draft as texts: its title, as JSON and as a command.
 */
#include "ui/console/dialogs/plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/syntax/duration.h"
#include "model/syntax/instant.h"
#include "model/text/json.h"
#include "model/syntax/target.h"

static const char *const notes[DRAFT_ACTS] = {
    [DRAFT_CORDON] = "nothing more is allocated there; what is held stays",
    [DRAFT_UNCORDON] = "its free values can be allocated again",
    [DRAFT_CANCEL] = "what it has done stays done; nothing more of it is begun",
    [DRAFT_RETRY] = "the hook runs again, as often as the worker tries",
    [DRAFT_SKIP] = "the hook counts as done, and the lease goes on",
    [DRAFT_DELETE] = "it is closed at once: nothing new comes into it; once its leases have ended its name is"
		     " free, and its labels and pools are gone",
    [DRAFT_FORCE] = "no hook and no delay: the lease is destroyed at once and its value is free",
};

void draft_describe(struct draft *draft) {
	struct buf text = {0};

	free(draft->note);
	draft->note = mem_text(notes[draft->act]);
	if (draft->act == DRAFT_EXTEND) {
		if (draft->duration != 0) {
			buf_puts(&text, "its time ends ");
			duration_text(draft->duration, &text);
			buf_puts(&text, " after it was queued");
		} else if (draft->until == TIME_NEVER) {
			buf_puts(&text, "its time never ends");
		} else {
			buf_puts(&text, "its time ends ");
			instant_text(draft->until, &text);
		}
		draft->note = buf_take(&text);
	}
}

void draft_title(const struct draft *draft, struct buf *out) {
	buf_puts(out, draft_word(draft));
	buf_char(out, ' ');
	buf_puts(out, draft->what == NULL ? "" : draft->what);
}

static void put_time(struct json *j, const struct draft *draft) {
	struct buf text = {0};

	if (draft->until != TIME_NONE) {
		json_put_key(j, "until");
		end_text(draft->until, &text);
		json_put_text(j, buf_text(&text));
		buf_cut(&text, 0);
	}
	if (draft->duration != 0) {
		json_put_key(j, "duration");
		duration_text(draft->duration, &text);
		json_put_text(j, buf_text(&text));
	}
	buf_release(&text);
}

void draft_json(const struct draft *draft, struct buf *out) {
	struct json j = {.out = out};
	struct buf text = {0};

	json_open_object(&j);
	json_put_key(&j, "id");
	json_put_id(&j, draft->id);
	json_put_key(&j, "action");
	json_put_text(&j, draft_word(draft));
	json_put_key(&j, "targets");
	targets_json(draft->targets, draft->count, &text);
	json_put_raw(&j, buf_text(&text));
	if (draft->generation != 0) {
		json_put_key(&j, "expect_generation");
		json_put_int(&j, draft->generation);
	}
	put_time(&j, draft);
	json_put_key(&j, "reason");
	json_put_text(&j, draft->reason == NULL ? "" : draft->reason);
	if (draft_counts(draft)) {
		json_put_key(&j, "leases");
		json_put_int(&j, draft->plan.targets);
		json_put_key(&j, "effect");
		buf_cut(&text, 0);
		plan_effect_json(&draft->plan, &text);
		json_put_raw(&j, buf_text(&text));
	}
	json_close_object(&j);
	buf_release(&text);
}

/* What stands before the targets on the command line. */
static const char *const verbs[DRAFT_ACTS] = {[DRAFT_RELEASE] = "release",
    [DRAFT_DRAIN] = "release",
    [DRAFT_CORDON] = "resource cordon",
    [DRAFT_UNCORDON] = "resource uncordon",
    [DRAFT_EXTEND] = "extend",
    [DRAFT_CANCEL] = "queue cancel",
    [DRAFT_RETRY] = "queue retry",
    [DRAFT_SKIP] = "queue skip",
    [DRAFT_FORCE] = "queue force",
    [DRAFT_DELETE] = "project delete"};

static void put_place(const struct target *target, struct buf *out) {
	buf_printf(out, " resource/%s/", target->name);
	if (target->any_size) {
		range_name(&target->range, out);
	} else {
		range_text(&target->range, out);
	}
}

static void put_target(const struct target *target, struct buf *out) {
	char id[ID_TEXT];

	if (target->kind == TARGET_RESOURCE && id_is_nil(target->id)) {
		put_place(target, out);
		return;
	}

	switch (target->kind) {
	case TARGET_LEASES:
		buf_puts(out, target->name[0] == '\0' ? " -l ''" : " --pool ");
		buf_puts(out, target->name);
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

/* Between quotes that no shell looks into. */
static void put_quoted(const char *text, struct buf *out) {
	buf_char(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '\'') {
			buf_puts(out, "'\\''");
		} else {
			buf_char(out, *text);
		}
	}
	buf_char(out, '\'');
}

static void put_span(const char *option, int64_t span, struct buf *out) {
	if (span != 0) {
		buf_puts(out, option);
		duration_text(span, out);
	}
}

void draft_command(const struct draft *draft, struct buf *out) {
	char id[ID_TEXT];

	buf_printf(out, "berth %s", verbs[draft->act]);
	for (size_t i = 0; i < draft->count; i++) {
		put_target(&draft->targets[i], out);
	}
	if (draft->until != TIME_NONE) {
		buf_puts(out, " --until ");
		end_text(draft->until, out);
	}
	put_span(" --for ", draft->duration, out);
	if (draft->generation != 0) {
		buf_printf(out, " --expect-generation %" PRId64, draft->generation);
	}
	put_span(" --grace ", draft_grace(draft), out);
	if (draft->reason != NULL) {
		buf_puts(out, " --reason ");
		put_quoted(draft->reason, out);
	}
	if (draft->act != DRAFT_CANCEL) {
		buf_printf(out, " --id %s", id_text(draft->id, id));
	}
	/* A deletion asks nothing on the command line either. */
	buf_puts(out, draft->phrased && draft->act != DRAFT_DELETE ? " --yes" : "");
}
