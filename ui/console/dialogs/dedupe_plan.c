#include "ui/console/dialogs/dedupe_plan.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "db/batch/batch.h"
#include "db/batch/rows.h"
#include "db/base/mem.h"
#include "model/dedupe.h"
#include "model/phrase.h"
#include "ui/console/dialogs/plan.h"
#include "ui/text/plain_json.h"

/* Releases what the server has answered. */
static void forget_answer(struct dedupe_plan *plan) {
	rowset_release(&plan->examples);
	free(plan->orders);
	free(plan->row_id);
	free(plan->table);
	free(plan->constraint);
	plan->orders = plan->row_id = plan->table = plan->constraint = NULL;
}

void dedupe_plan_release(struct dedupe_plan *plan) {
	forget_answer(plan);
	buf_release(&plan->ask);
	buf_release(&plan->trouble);
	buf_release(&plan->result);
	confirm_release(&plan->confirm);
	plan_list_release(&plan->list);
	free(plan->words);
	*plan = (struct dedupe_plan){0};
}

void dedupe_plan_open_fix(struct dedupe_plan *plan, const struct buf *ask, const char *words) {
	dedupe_plan_release(plan);
	plan->state = DEDUPE_PLAN_LOOKS;
	plan->id = id_new();
	plan->confirm.copies = true;
	buf_add(&plan->ask, buf_text(ask), ask->len);
	plan->words = mem_text(words);
}

void dedupe_plan_open_undo(struct dedupe_plan *plan, struct id run) {
	dedupe_plan_release(plan);
	plan->state = DEDUPE_PLAN_LOOKS;
	plan->undo = true;
	plan->id = run;
	plan->confirm.copies = true;
}

void dedupe_plan_ask(const struct dedupe_plan *plan, struct batch *b) {
	if (plan->undo) {
		(void)dedupe_show_add(b, plan->id);
	} else {
		(void)dedupe_would_add(b, buf_text(&plan->ask));
		(void)dedupe_rule_add(b, buf_text(&plan->ask));
		(void)dedupe_examples_add(b, buf_text(&plan->ask));
	}
}

/* Returns "updated_at, else created_at" for an array of names, or NULL for an empty one. */
static char *orders_text(const char *json) {
	json_t *orders = json_loads(json, 0, NULL);
	struct buf text = {0};

	plain_members(orders, ", else ", &text);
	json_decref(orders);
	return text.len > 0 ? buf_take(&text) : NULL;
}

static void take_rule(struct dedupe_plan *plan, const struct batch *b) {
	const struct dedupe_rule *rule = batch_row(b, 1, 0);

	plan->orders = orders_text(rule->orders);
	plan->row_id = rule->row_id == NULL ? NULL : mem_text(rule->row_id);
	rowset_take(&plan->examples, &row_duplicate, b, 2);
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
	forget_answer(plan);
	plan->table = mem_text(run->table);
	plan->constraint = mem_text(run->constraint);
	plan->groups = run->groups;
	plan->rows = run->removed;
	plan->conflicting = run->conflicting;
	plan->rewritten = run->rewritten;
	plan->repointed = run->repointed;
	if (!plan->undo) {
		take_rule(plan, b);
	}
	plan->again = false;
	plan->list.top = 0;
	plan->state = DEDUPE_PLAN_PLAN;
	return true;
}

/* Gives the plan another rule. What is typed stays; the id is new, as an id means one request. */
static void set_rule(struct dedupe_plan *plan, enum dedupe_survivor survivor) {
	char *words = dedupe_words_survivor(plan->words, survivor);

	dedupe_ask_survivor(&plan->ask, survivor);
	free(plan->words);
	plan->words = words;
	plan->id = id_new();
}

bool dedupe_plan_restore(struct dedupe_plan *plan, bool for_good) {
	if (!plan->again) {
		return false;
	}
	plan->barred |= for_good ? 1U << dedupe_survivor_of(&plan->ask) : 0;
	set_rule(plan, plan->before);
	plan->again = false;
	plan->state = DEDUPE_PLAN_PLAN;
	return true;
}

/* Returns whether the table can have the rule. Without a column that tells old from new, the newest is the
 * highest. */
static bool can_have(const struct dedupe_plan *plan, enum dedupe_survivor survivor) {
	bool by_time = survivor == DEDUPE_NEWEST || survivor == DEDUPE_OLDEST;

	return (plan->barred & 1U << survivor) == 0 && (!by_time || plan->orders != NULL);
}

/* Changes to the next rule that the table can have. */
static void next_rule(struct dedupe_plan *plan) {
	enum dedupe_survivor now = dedupe_survivor_of(&plan->ask);
	enum dedupe_survivor next = now;

	do {
		next = next == DEDUPE_ABORT ? DEDUPE_NEWEST : next + 1;
	} while (next != now && !can_have(plan, next));
	if (next != now) {
		plan->again = true;
		plan->before = now;
		set_rule(plan, next);
		plan->state = DEDUPE_PLAN_LOOKS;
	}
}

void dedupe_plan_phrase(const struct dedupe_plan *plan, struct buf *out) {
	phrase_of_dedupe(plan->undo, plan->rows, plan->table, out);
}

static enum confirm_result key_of_plan(struct dedupe_plan *plan, const struct key_event *event) {
	struct plan_lines lines = {plan, plan->examples.count, 0, dedupe_plan_line};
	struct buf phrase = {0};
	enum confirm_result result;

	if (plan_list_key(&plan->list, &lines, plan->confirm.typed.text.len == 0, event)) {
		return CONFIRM_WAITS;
	}
	if (event->key == KEY_CODE_TAB && !plan->undo) {
		next_rule(plan);
		return CONFIRM_WAITS;
	}
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
