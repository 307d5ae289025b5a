/*
 * Draws the plan of a dedupe run, its progress and its end.
 */
#include "ui/console/dialogs/dedupe_plan.h"

#include <inttypes.h>

#include "db/batch/rows.h"
#include "ui/console/dialogs/plan.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/detail.h"
#include "ui/text/humanize.h"
#include "ui/text/plain_json.h"

static void say_title(struct pen *p, const struct dedupe_plan *plan, const char *environment) {
	struct buf title = {0};

	dedupe_plan_title(plan, &title);
	pen_foreign(p, STYLE_HEAD, buf_text(&title));
	pen_say(p, STYLE_HEAD, " on ");
	pen_foreign(p, STYLE_HEAD, environment);
	buf_release(&title);
}

/* Prints the request, last, because a small screen has no room for it. */
static void say_request(struct pen *p, const struct dedupe_plan *plan) {
	char id[ID_TEXT];

	detail_text(p, "options", plan->words);
	pen_label(p, "run");
	pen_say(p, STYLE_DIM, id_text(plan->id, id));
}

static void say_count(struct pen *p, const char *label, int64_t count, const char *one, const char *many) {
	struct buf text = {0};

	humanize_plural(count, one, many, &text);
	detail_text(p, label, buf_text(&text));
	buf_release(&text);
}

/* Prints the rule, and the key that changes it. */
static void say_rule(struct pen *p, const struct dedupe_plan *plan) {
	struct buf rule = {0};

	dedupe_plan_rule(plan, &rule);
	pen_label(p, "keeps");
	pen_foreign(p, STYLE_BOLD, buf_text(&rule));
	if (plan->state == DEDUPE_PLAN_PLAN) {
		pen_say(p, STYLE_NORMAL, "   ");
		pen_key(p, "Tab", "another rule");
	}
	buf_release(&rule);
}

/* Prints an option that names columns, if it was given. */
static void say_option(struct pen *p, const struct dedupe_plan *plan, const char *label, const char *option,
    const char *meaning) {
	struct buf columns = {0};

	dedupe_plan_columns(plan, option, &columns);
	if (columns.len > 0) {
		pen_label(p, label);
		pen_say(p, STYLE_NORMAL, meaning);
		pen_foreign(p, STYLE_NORMAL, buf_text(&columns));
	}
	buf_release(&columns);
}

static void say_plan(struct pen *p, const struct dedupe_plan *plan) {
	if (plan->undo) {
		say_count(p, "puts back", plan->rows, "row, as it was", "rows, as they were");
		detail_text(p, "drops", plan->constraint == NULL ? "no constraint" : plan->constraint);
		return;
	}
	say_rule(p, plan);
	say_option(p, plan, "counts", "live", "rows that have NULL in ");
	say_option(p, plan, "case", "fold", "is the same in ");
	say_count(p, "removes", plan->rows, "row", "rows");
	say_count(p, "of", plan->groups, "group", "groups");
	say_count(p, "values", plan->conflicting, "group has different values; only one is kept",
	    "groups have different values; only one is kept");
	if (plan->rewritten > 0) {
		say_count(p, "rewrites", plan->rewritten, "NULL", "NULLs");
	}
	if (plan->repointed > 0) {
		say_count(p, "repoints", plan->repointed, "reference to the row that stays",
		    "references to the rows that stay");
	}
	detail_text(p, "adds", plan->constraint == NULL ? "no constraint" : plan->constraint);
	detail_text(p, "undo", "puts the removed rows back");
}

/* Prints a group: "= KEPT id=8 of 2: owner=o2 tag=t0   # different values". It stands out when the search
 * finds it. */
static void say_example(struct pen *p, const struct dedupe_plan *plan, size_t line) {
	struct plan_lines lines = {.plan = plan};
	const struct duplicate *group = plan->examples.rows[line];
	struct buf text = {0};
	bool found;

	dedupe_plan_line(&lines, line, &text);
	found = text_search_matches(&plan->list.search, buf_text(&text));
	buf_cut(&text, 0);
	plain_json(group->survivor, &text);
	pen_break(p);
	pen_print(p, found ? STYLE_ACCENT : STYLE_BOLD, "%s KEPT ", glyph_text(GLYPH_HELD, p->grid->ascii));
	pen_foreign(p, found ? STYLE_ACCENT : STYLE_BOLD, buf_text(&text));
	pen_print(p, found ? STYLE_ACCENT : STYLE_NORMAL, " of %" PRId64 ": ", group->rows);
	buf_cut(&text, 0);
	plain_json(group->key, &text);
	pen_foreign(p, found ? STYLE_ACCENT : STYLE_NORMAL, buf_text(&text));
	if (group->conflicting) {
		pen_print(p, STYLE_WARNING, "  %s different values", glyph_text(GLYPH_ALIKE, p->grid->ascii));
	}
	pen_break(p);
	buf_release(&text);
}

/* Prints the groups from the one that the list is scrolled to, and how many are not shown. */
static void say_examples(struct pen *p, const struct dedupe_plan *plan) {
	size_t count = plan->examples.count;
	size_t next = plan->list.top;

	pen_gap(p);
	while (next < count && pen_fits(p, next + 1 < count ? 2 : 1)) {
		say_example(p, plan, next++);
	}
	if (next > 0 && plan->groups > (int64_t)next && pen_fits(p, 1)) {
		plan_list_more(p, plan->groups - (int64_t)next, next < count);
	}
}

static void say_progress(struct pen *p, const struct dedupe_plan *plan) {
	pen_break(p);
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
	pen_break(p);
	pen_say(p, STYLE_KEY, "^C");
	pen_say(p, STYLE_DIM, " stops it; the same command continues it");
	pen_gap(p);
}

static void say_end(struct pen *p, const struct dedupe_plan *plan) {
	pen_break(p);
	pen_foreign(p, plan->failed ? STYLE_DANGER : STYLE_BOLD, buf_text(&plan->result));
	pen_break(p);
	pen_say(p, STYLE_DIM, "Esc goes to the runs");
	pen_gap(p);
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

void dedupe_plan_draw(const struct dedupe_plan *plan, const struct rowset *others, struct grid *g,
    struct rect body, const char *environment, int64_t now) {
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
	if (plan->state == DEDUPE_PLAN_RUNS) {
		say_progress(&pen, plan);
	} else if (plan->state == DEDUPE_PLAN_ENDED) {
		say_end(&pen, plan);
	}
	say_plan(&pen, plan);
	plan_say_others(&pen, others, now);
	say_request(&pen, plan);
	if (plan->state == DEDUPE_PLAN_PLAN) {
		say_examples(&pen, plan);
	}
}
