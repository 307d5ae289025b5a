/*
 * The plan of a verb that acts at once: the events of its dry run, as a list and as texts.
 */
#include "ui/console/dialogs/plan_direct.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "model/text/json.h"
#include "ui/console/dialogs/plan.h"
#include "ui/text/change.h"
#include "ui/text/row.h"
#include "ui/text/shapes.h"
#include "ui/verbs/call.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"

void plan_take_call(struct plan *plan, const char *arrow) {
	const struct rowset *effect = call_effect(plan->call);

	rowset_release(&plan->changes);
	for (size_t i = 0; i < effect->count; i++) {
		plan->changes.rows = mem_grow(plan->changes.rows, i + 1, sizeof *plan->changes.rows);
		plan->changes.rows[plan->changes.count++] = row_copy(&row_event, effect->rows[i]);
	}
	plan->changed_all = call_changed(plan->call);
	plan->known = true;
	plan->phrased = plan->changes.count > PLAN_CHANGES;
	plan_tell(plan, arrow);
}

/* Appends the changes of one event, a line for the thing and one for each member of it; CHANGE_BREAK ends a
 * line. */
static void put_change(const struct event *event, const char *arrow, struct buf *out) {
	struct buf words = {0};

	change_words(event, arrow, CHANGE_BREAK "  ", false, &words);
	buf_printf(out, "%s %s" CHANGE_BREAK, event->action, event->target);
	if (words.len > 0) {
		buf_printf(out, "  %s" CHANGE_BREAK, buf_text(&words));
	}
	buf_release(&words);
}

void plan_tell(struct plan *plan, const char *arrow) {
	struct buf *text = &plan->text;

	buf_cut(text, 0);
	for (size_t i = 0; i < plan->changes.count; i++) {
		put_change(plan->changes.rows[i], arrow, text);
	}
	if (plan->changes.count == 0) {
		buf_puts(text, call_text(plan->call));
		for (size_t i = 0; i < text->len; i++) {
			text->text[i] = text->text[i] == '\n' ? *CHANGE_BREAK : text->text[i];
		}
	}
	plan->text_lines = 0;
	for (const char *c = buf_text(text); *c != '\0'; c++) {
		plan->text_lines += *c == *CHANGE_BREAK ? 1 : 0;
	}
}

void plan_direct_line(const struct plan *plan, size_t line, struct buf *out) {
	const char *text = buf_text(&plan->text);

	for (; line > 0; line--) {
		text += strcspn(text, CHANGE_BREAK) + 1;
	}
	buf_printf(out, "%.*s", (int)strcspn(text, CHANGE_BREAK), text);
}

void plan_direct_json(const struct plan *plan, struct buf *out) {
	struct json j = {.out = out};

	json_open_object(&j);
	json_put_key(&j, "id");
	json_put_id(&j, call_id(plan->call));
	json_put_key(&j, "action");
	json_put_text(&j, plan_word(plan));
	json_put_key(&j, "line");
	json_put_text(&j, call_line(plan->call));
	json_put_key(&j, "count");
	json_put_int(&j, plan->changed_all);
	json_put_key(&j, "changes");
	json_open_array(&j);
	for (size_t i = 0; i < plan->changes.count; i++) {
		shape_json(&change_shape, plan->changes.rows[i], &j);
	}
	json_close_array(&j);
	json_close_object(&j);
}

void plan_direct_command(const struct plan *plan, struct buf *out) {
	char id[ID_TEXT];

	buf_printf(out, "berth %s", call_line(plan->call));
	if (!opt_given(call_args(plan->call), OPT_ID) && !id_is_nil(call_id(plan->call))) {
		buf_printf(out, " --id %s", id_text(call_id(plan->call), id));
	}
}
