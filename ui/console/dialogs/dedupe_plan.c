#include "ui/console/dialogs/dedupe_plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/mem.h"
#include "model/dedupe.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/detail.h"
#include "ui/text/humanize.h"

void merge_release(struct merge *merge) {
	buf_release(&merge->ask);
	buf_release(&merge->trouble);
	buf_release(&merge->result);
	prompt_release(&merge->phrase);
	free(merge->words);
	free(merge->table);
	free(merge->constraint);
	*merge = (struct merge){0};
}

void merge_open_fix(struct merge *merge, const struct buf *ask, const char *words) {
	merge_release(merge);
	merge->state = MERGE_LOOKS;
	merge->id = id_new();
	buf_add(&merge->ask, buf_text(ask), ask->len);
	merge->words = mem_text(words);
}

void merge_open_undo(struct merge *merge, struct id run) {
	merge_release(merge);
	merge->state = MERGE_LOOKS;
	merge->undo = true;
	merge->id = run;
}

void merge_ask(const struct merge *merge, struct batch *b) {
	if (merge->undo) {
		(void)dedupe_show_add(b, merge->id);
	} else {
		(void)dedupe_would_add(b, buf_text(&merge->ask));
	}
}

bool merge_take(struct merge *merge, const struct batch *b, struct buf *why) {
	const struct dedupe_run *run = batch_count(b, 0) == 0 ? NULL : batch_row(b, 0, 0);

	if (run == NULL) {
		buf_puts(why, "there is no such run");
		return false;
	}
	if (merge->undo && strcmp(run->state, "undone") == 0) {
		buf_puts(why, "it has been taken back already");
		return false;
	}
	merge->table = mem_text(run->table);
	merge->constraint = mem_text(run->constraint);
	merge->groups = run->groups;
	merge->rows = run->removed;
	merge->conflicting = run->conflicting;
	merge->rewritten = run->rewritten;
	merge->state = MERGE_PLAN;
	return true;
}

void merge_phrase(const struct merge *merge, struct buf *out) {
	const char *name = merge->table;

	for (const char *c = merge->table; *c != '\0'; c++) {
		name = *c <= ' ' || *c > '~' ? "rows" : name;
	}
	buf_printf(out, "%s %" PRId64 " %s", merge->undo ? "undo" : "fix", merge->rows, name);
}

static bool is_phrase(const struct merge *merge) {
	struct buf phrase = {0};
	bool is;

	merge_phrase(merge, &phrase);
	is = strcmp(buf_text(&phrase), prompt_text(&merge->phrase)) == 0;
	buf_release(&phrase);
	return is;
}

static enum merge_result press_plan(struct merge *merge, const struct press *press) {
	if (press->key == PRESS_PASTE) {
		return MERGE_GOES_ON;
	}
	switch (prompt_press(&merge->phrase, press)) {
	case PROMPT_ACCEPTED:
		merge->wrong = !is_phrase(merge);
		return merge->wrong ? MERGE_GOES_ON : MERGE_CONFIRMED;
	case PROMPT_DROPPED:
		return MERGE_LEFT;
	default:
		merge->wrong = false;
		return MERGE_GOES_ON;
	}
}

enum merge_result merge_press(struct merge *merge, const struct press *press) {
	bool leaves = press->key == PRESS_ESCAPE || press->key == PRESS_CTRL('c') || press->key == 'q';

	switch (merge->state) {
	case MERGE_PLAN:
		return press_plan(merge, press);
	case MERGE_RUNS:
		merge->stop |= press->key == PRESS_CTRL('c');
		return MERGE_GOES_ON;
	case MERGE_ENDED:
		return leaves || press->key == PRESS_ENTER ? MERGE_LEFT : MERGE_GOES_ON;
	default:
		return leaves ? MERGE_LEFT : MERGE_GOES_ON;
	}
}

/* --- drawing --- */

static void say_title(struct pen *p, const struct merge *merge, const char *environment) {
	char id[ID_TEXT];

	pen_say(p, STYLE_HEAD, merge->undo ? "undo the run of dedupe on " : "dedupe fix of ");
	pen_foreign(p, STYLE_HEAD, merge->table == NULL ? "the table" : merge->table);
	pen_say(p, STYLE_HEAD, " on ");
	pen_foreign(p, STYLE_HEAD, environment);
	pen_label(p, "run");
	pen_say(p, STYLE_DIM, id_text(merge->id, id));
	say_text(p, "rule", merge->words);
}

static void say_count(struct pen *p, const char *label, int64_t count, const char *one, const char *many) {
	struct buf text = {0};

	words_plural(count, one, many, &text);
	say_text(p, label, buf_text(&text));
	buf_release(&text);
}

static void say_plan(struct pen *p, const struct merge *merge) {
	if (merge->undo) {
		say_count(p, "puts back", merge->rows, "row, as it was", "rows, as they were");
		say_text(p, "drops", merge->constraint == NULL ? "no constraint" : merge->constraint);
		return;
	}
	say_count(p, "removes", merge->rows, "row", "rows");
	say_count(p, "of", merge->groups, "group", "groups");
	say_count(
	    p, "values", merge->conflicting, "group has others, which go", "groups have others, which go");
	if (merge->rewritten > 0) {
		say_count(p, "rewrites", merge->rewritten, "NULL", "NULLs");
	}
	say_text(p, "attaches", merge->constraint == NULL ? "no constraint" : merge->constraint);
	say_text(p, "keeps", "what is removed, whole: undo puts it back");
}

static void say_progress(struct pen *p, const struct merge *merge) {
	pen_gap(p);
	pen_print(p, STYLE_ACCENT, "%s %s",
	    merge->stop ? "stopping in" : "running:", merge->phase[0] == '\0' ? "begins" : merge->phase);
	if (merge->total > 0) {
		pen_print(p, STYLE_NORMAL, "  %" PRId64 " of %" PRId64, merge->done, merge->total);
	} else if (merge->done > 0) {
		pen_print(p, STYLE_NORMAL, "  %" PRId64, merge->done);
	}
	if (merge->blocker != 0) {
		pen_break(p);
		pen_print(p, STYLE_WARNING, "waits for process %" PRId64 " of the server", merge->blocker);
	}
	if (merge->trouble.len > 0) {
		pen_break(p);
		pen_foreign(p, STYLE_WARNING, buf_text(&merge->trouble));
	}
	pen_gap(p);
	pen_say(p, STYLE_KEY, "^C");
	pen_say(p, STYLE_DIM, " stops it; the same words go on with it");
}

/* Rows that the phrase takes when it is shown whole. It is ASCII. */
static int phrase_rows(const struct buf *phrase, int columns) {
	return columns < 1 ? 1 : ((int)phrase->len + columns - 1) / columns;
}

/* In the lowest rows: what to type, whole, and what is typed. Returns how many they are. */
static int draw_phrase(const struct merge *merge, struct grid *g, struct rect body) {
	struct buf phrase = {0};
	int column = body.column + (body.columns > 20 ? 3 : 1);
	int end = body.column + body.columns;
	int last = body.row + body.rows - 1;
	int rows;

	merge_phrase(merge, &phrase);
	rows = phrase_rows(&phrase, end - column);
	for (int i = 0; i < rows && rows - i < body.rows; i++) {
		(void)grid_print(g, last - rows + i, column, end, STYLE_BOLD, "%.*s", end - column,
		    buf_text(&phrase) + i * (end - column));
	}
	if (body.rows > rows + 1) {
		(void)grid_put(g, last - rows - 1, body.column + 1, end, STYLE_WARNING,
		    merge->wrong
			? "That is another phrase: nothing was begun. Type this, Enter; Esc leaves it"
			: "Type this, Enter; Esc leaves it");
	}
	if (body.rows > 0) {
		prompt_draw(&merge->phrase, g, last, column, end, STYLE_NORMAL);
	}
	buf_release(&phrase);
	return rows + 2;
}

void merge_draw(const struct merge *merge, struct grid *g, struct rect body, const char *environment) {
	int taken = merge->state == MERGE_PLAN ? draw_phrase(merge, g, body) : 0;
	struct pen pen =
	    pen_start(g, (struct rect){body.row, body.column + 1, body.rows - taken, body.columns - 1});

	if (body.rows <= taken) {
		return;
	}
	say_title(&pen, merge, environment);
	if (merge->state == MERGE_LOOKS) {
		pen_gap(&pen);
		pen_say(&pen, STYLE_DIM, "asking what would change; Esc leaves it");
		return;
	}
	say_plan(&pen, merge);
	if (merge->state == MERGE_RUNS) {
		say_progress(&pen, merge);
	} else if (merge->state == MERGE_ENDED) {
		pen_gap(&pen);
		pen_foreign(&pen, merge->failed ? STYLE_DANGER : STYLE_BOLD, buf_text(&merge->result));
		pen_gap(&pen);
		pen_say(&pen, STYLE_DIM, "Esc goes to the runs");
	}
}
