#include "ui/console/dialogs/dedupe_plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/mem.h"
#include "model/dedupe.h"
#include "model/phrase.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/detail.h"
#include "ui/text/humanize.h"

void dedupe_plan_release(struct dedupe_plan *plan) {
	buf_release(&plan->ask);
	buf_release(&plan->trouble);
	buf_release(&plan->result);
	confirm_release(&plan->confirm);
	free(plan->words);
	free(plan->table);
	free(plan->constraint);
	*plan = (struct dedupe_plan){0};
}

void dedupe_plan_open_fix(struct dedupe_plan *plan, const struct buf *ask, const char *words) {
	dedupe_plan_release(plan);
	plan->state = DEDUPE_PLAN_LOOKS;
	plan->id = id_new();
	buf_add(&plan->ask, buf_text(ask), ask->len);
	plan->words = mem_text(words);
}

void dedupe_plan_open_undo(struct dedupe_plan *plan, struct id run) {
	dedupe_plan_release(plan);
	plan->state = DEDUPE_PLAN_LOOKS;
	plan->undo = true;
	plan->id = run;
}

void dedupe_plan_ask(const struct dedupe_plan *plan, struct batch *b) {
	if (plan->undo) {
		(void)dedupe_show_add(b, plan->id);
	} else {
		(void)dedupe_would_add(b, buf_text(&plan->ask));
	}
}

bool dedupe_plan_take(struct dedupe_plan *plan, const struct batch *b, struct buf *why) {
	const struct dedupe_run *run = batch_count(b, 0) == 0 ? NULL : batch_row(b, 0, 0);

	if (run == NULL) {
		buf_puts(why, "there is no such run");
		return false;
	}
	if (plan->undo && strcmp(run->state, "undone") == 0) {
		buf_puts(why, "it has been undone already");
		return false;
	}
	plan->table = mem_text(run->table);
	plan->constraint = mem_text(run->constraint);
	plan->groups = run->groups;
	plan->rows = run->removed;
	plan->conflicting = run->conflicting;
	plan->rewritten = run->rewritten;
	plan->state = DEDUPE_PLAN_PLAN;
	return true;
}

void dedupe_plan_phrase(const struct dedupe_plan *plan, struct buf *out) {
	phrase_of_dedupe(plan->undo, plan->rows, plan->table, out);
}

static enum confirm_result key_of_plan(struct dedupe_plan *plan, const struct key_event *event) {
	struct buf phrase = {0};
	enum confirm_result result;

	dedupe_plan_phrase(plan, &phrase);
	result = confirm_key(&plan->confirm, buf_text(&phrase), event);
	plan->wrong = result == CONFIRM_WRONG;
	buf_release(&phrase);
	return result;
}

enum confirm_result dedupe_plan_key(struct dedupe_plan *plan, const struct key_event *event) {
	bool leaves = event->key == KEY_CODE_ESCAPE || event->key == KEY_CODE_CTRL('c') || event->key == 'q';

	switch (plan->state) {
	case DEDUPE_PLAN_PLAN:
		return key_of_plan(plan, event);
	case DEDUPE_PLAN_RUNS:
		plan->stop |= event->key == KEY_CODE_CTRL('c');
		return CONFIRM_WAITS;
	case DEDUPE_PLAN_ENDED:
		return leaves || event->key == KEY_CODE_ENTER ? CONFIRM_LEFT : CONFIRM_WAITS;
	default:
		return leaves ? CONFIRM_LEFT : CONFIRM_WAITS;
	}
}

/* Drawing. */

static void say_title(struct pen *p, const struct dedupe_plan *plan, const char *environment) {
	char id[ID_TEXT];

	pen_say(p, STYLE_HEAD, plan->undo ? "undo the dedupe run on " : "dedupe fix of ");
	pen_foreign(p, STYLE_HEAD, plan->table == NULL ? "the table" : plan->table);
	pen_say(p, STYLE_HEAD, " on ");
	pen_foreign(p, STYLE_HEAD, environment);
	pen_label(p, "run");
	pen_say(p, STYLE_DIM, id_text(plan->id, id));
	detail_text(p, "rule", plan->words);
}

static void say_count(struct pen *p, const char *label, int64_t count, const char *one, const char *many) {
	struct buf text = {0};

	humanize_plural(count, one, many, &text);
	detail_text(p, label, buf_text(&text));
	buf_release(&text);
}

static void say_plan(struct pen *p, const struct dedupe_plan *plan) {
	if (plan->undo) {
		say_count(p, "puts back", plan->rows, "row, as it was", "rows, as they were");
		detail_text(p, "drops", plan->constraint == NULL ? "no constraint" : plan->constraint);
		return;
	}
	say_count(p, "removes", plan->rows, "row", "rows");
	say_count(p, "of", plan->groups, "group", "groups");
	say_count(p, "values", plan->conflicting, "group has different values; only one is kept",
	    "groups have different values; only one is kept");
	if (plan->rewritten > 0) {
		say_count(p, "rewrites", plan->rewritten, "NULL", "NULLs");
	}
	detail_text(p, "adds", plan->constraint == NULL ? "no constraint" : plan->constraint);
	detail_text(p, "keeps", "the removed rows; undo puts them back");
}

static void say_progress(struct pen *p, const struct dedupe_plan *plan) {
	pen_gap(p);
	pen_print(p, STYLE_ACCENT, "%s %s",
	    plan->stop ? "stopping in" : "running:", plan->phase[0] == '\0' ? "begins" : plan->phase);
	if (plan->total > 0) {
		pen_print(p, STYLE_NORMAL, "  %" PRId64 " of %" PRId64, plan->done, plan->total);
	} else if (plan->done > 0) {
		pen_print(p, STYLE_NORMAL, "  %" PRId64, plan->done);
	}
	if (plan->blocker != 0) {
		pen_break(p);
		pen_print(p, STYLE_WARNING, "waits for server process %" PRId64, plan->blocker);
	}
	if (plan->trouble.len > 0) {
		pen_break(p);
		pen_foreign(p, STYLE_WARNING, buf_text(&plan->trouble));
	}
	pen_gap(p);
	pen_say(p, STYLE_KEY, "^C");
	pen_say(p, STYLE_DIM, " stops it; the same command continues it");
}

/* Draws the confirmation in the lowest rows. Returns their number. */
static int draw_confirm(const struct dedupe_plan *plan, struct grid *g, struct rect body) {
	struct rect area = {body.row, body.column + 1, body.rows, body.columns - 1};
	struct buf phrase = {0};
	int rows;

	dedupe_plan_phrase(plan, &phrase);
	confirm_draw(&plan->confirm, buf_text(&phrase),
	    plan->wrong ? "Wrong phrase: nothing was started. Type this, Enter; " : "Type this, Enter; ", g,
	    area);
	rows = confirm_rows(buf_text(&phrase), area.columns);
	buf_release(&phrase);
	return rows;
}

void dedupe_plan_draw(
    const struct dedupe_plan *plan, struct grid *g, struct rect body, const char *environment) {
	int taken = plan->state == DEDUPE_PLAN_PLAN ? draw_confirm(plan, g, body) : 0;
	struct pen pen =
	    pen_start(g, (struct rect){body.row, body.column + 1, body.rows - taken, body.columns - 1});

	if (body.rows <= taken) {
		return;
	}
	say_title(&pen, plan, environment);
	if (plan->state == DEDUPE_PLAN_LOOKS) {
		pen_gap(&pen);
		pen_say(&pen, STYLE_DIM, "asking what would change; Esc leaves it");
		return;
	}
	say_plan(&pen, plan);
	if (plan->state == DEDUPE_PLAN_RUNS) {
		say_progress(&pen, plan);
	} else if (plan->state == DEDUPE_PLAN_ENDED) {
		pen_gap(&pen);
		pen_foreign(&pen, plan->failed ? STYLE_DANGER : STYLE_BOLD, buf_text(&plan->result));
		pen_gap(&pen);
		pen_say(&pen, STYLE_DIM, "Esc goes to the runs");
	}
}
