/*
 * The plan of a dedupe run as texts: its rule in words, as JSON and as a command.
 */
#include "ui/console/dialogs/dedupe_plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "model/text/json.h"
#include "model/text/script.h"
#include "ui/text/plain_json.h"

enum dedupe_survivor dedupe_survivor_of(const struct buf *ask) {
	json_t *whole = json_loads(buf_text(ask), 0, NULL);
	const char *word = json_string_value(json_object_get(whole, "survivor"));
	enum dedupe_survivor survivor = DEDUPE_NEWEST;

	while (
	    word != NULL && survivor < DEDUPE_ABORT && strcmp(dedupe_survivor_names[survivor], word) != 0) {
		survivor++;
	}
	json_decref(whole);
	return survivor;
}

void dedupe_ask_survivor(struct buf *ask, enum dedupe_survivor survivor) {
	json_t *whole = json_loads(buf_text(ask), 0, NULL);
	char *text;

	(void)json_object_set_new(whole, "survivor", json_string(dedupe_survivor_names[survivor]));
	text = json_dumps(whole, JSON_COMPACT);
	buf_cut(ask, 0);
	buf_puts(ask, text == NULL ? "" : text);
	free(text);
	json_decref(whole);
}

/* Returns how many words an option takes up that begins with this word: 0 when it is another one. */
static int words_of(const char *word, const char *option) {
	size_t n = strlen(option);

	return strncmp(word, option, n) != 0 ? 0 : word[n] == '\0' ? 2 : word[n] == '=' ? 1 : 0;
}

/* Appends the words without those that the plan decides: the rule and the id. */
static void put_other_words(const char *words, struct buf *out) {
	struct script script;
	struct script_line line = {0};
	struct err err = {0};
	size_t start = out->len;

	script_init(&script, words, strlen(words));
	if (!script_next(&script, &line, &err)) {
		err_release(&err); /* they have been read before */
	}
	for (int i = 1; i < line.argc;) {
		int skip = words_of(line.argv[i], "--survivor") + words_of(line.argv[i], "--id");
		size_t from = script_word_at(words, i);
		size_t end = script_word_at(words, i + 1);

		from += strspn(words + from, " \t");
		while (end > from && strchr(" \t", words[end - 1]) != NULL) {
			end--;
		}
		if (skip == 0) {
			buf_puts(out, out->len > start ? " " : "");
			buf_add(out, words + from, end - from);
		}
		i += skip > 0 ? skip : 1;
	}
	script_line_release(&line);
}

char *dedupe_words_survivor(const char *words, enum dedupe_survivor survivor) {
	struct buf text = {0};

	put_other_words(words, &text);
	buf_printf(&text, " --survivor %s", dedupe_survivor_names[survivor]);
	return buf_take(&text);
}

void dedupe_plan_rule(const struct dedupe_plan *plan, struct buf *out) {
	enum dedupe_survivor survivor = dedupe_survivor_of(&plan->ask);
	bool by_id = survivor == DEDUPE_LOWEST || survivor == DEDUPE_HIGHEST;
	bool first = survivor == DEDUPE_OLDEST || survivor == DEDUPE_LOWEST;
	const char *id = plan->row_id == NULL ? "row" : plan->row_id;

	if (by_id) {
		buf_printf(out, "the %s %s", first ? "lowest" : "highest", id);
	} else if (plan->orders == NULL) {
		buf_printf(
		    out, "the %s %s, as no column tells old from new", first ? "lowest" : "highest", id);
	} else {
		buf_printf(out, "the %s by %s", first ? "oldest" : "newest", plan->orders);
	}
	buf_puts(out, survivor == DEDUPE_ABORT ? "; different values are refused" : "");
}

void dedupe_plan_columns(const struct dedupe_plan *plan, const char *option, struct buf *out) {
	json_t *whole = json_loads(buf_text(&plan->ask), 0, NULL);
	const json_t *value = json_object_get(whole, option);
	size_t count = json_is_array(value) ? json_array_size(value) : 0;

	buf_puts(out, json_is_string(value) ? json_string_value(value) : "");
	for (size_t i = 0; i < count; i++) {
		buf_puts(out, i > 0 ? ", " : "");
		buf_puts(out, json_string_value(json_array_get(value, i)));
	}
	json_decref(whole);
}

void dedupe_plan_line(const struct plan_lines *lines, size_t line, struct buf *out) {
	const struct dedupe_plan *plan = lines->plan;
	const struct duplicate *group = plan->examples.rows[line];

	buf_puts(out, "KEPT ");
	plain_json(group->survivor, out);
	buf_printf(out, " of %" PRId64 ": ", group->rows);
	plain_json(group->key, out);
	buf_puts(out, group->conflicting ? "  different values" : "");
}

void dedupe_plan_title(const struct dedupe_plan *plan, struct buf *out) {
	buf_puts(out, plan->undo ? "undo the dedupe run on " : "dedupe fix of ");
	buf_puts(out, plan->table == NULL ? "the table" : plan->table);
}

/* Writes what only the plan of a fix has. */
static void put_fix(const struct dedupe_plan *plan, struct json *j) {
	struct buf rule = {0};

	dedupe_plan_rule(plan, &rule);
	json_put_key(j, "request");
	json_put_raw(j, buf_text(&plan->ask));
	json_put_key(j, "keeps");
	json_put_text(j, buf_text(&rule));
	json_put_key(j, "groups");
	json_put_int(j, plan->groups);
	json_put_key(j, "conflicting");
	json_put_int(j, plan->conflicting);
	json_put_key(j, "rewritten");
	json_put_int(j, plan->rewritten);
	json_put_key(j, "repointed");
	json_put_int(j, plan->repointed);
	buf_release(&rule);
}

void dedupe_plan_json(const struct dedupe_plan *plan, struct buf *out) {
	struct json j = {.out = out};

	json_open_object(&j);
	json_put_key(&j, "id");
	json_put_id(&j, plan->id);
	json_put_key(&j, "action");
	json_put_text(&j, plan->undo ? "dedupe undo" : "dedupe fix");
	json_put_key(&j, "table");
	json_put_text(&j, plan->table);
	json_put_key(&j, "constraint");
	json_put_text(&j, plan->constraint);
	json_put_key(&j, "rows");
	json_put_int(&j, plan->rows);
	if (!plan->undo) {
		put_fix(plan, &j);
	}
	json_close_object(&j);
}

void dedupe_plan_command(const struct dedupe_plan *plan, struct buf *out) {
	char id[ID_TEXT];

	if (plan->undo) {
		buf_printf(out, "berth dedupe undo %s", id_text(plan->id, id));
		return;
	}
	buf_puts(out, "berth dedupe fix ");
	put_other_words(plan->words, out);
	buf_printf(out, " --survivor %s --id %s", dedupe_survivor_names[dedupe_survivor_of(&plan->ask)],
	    id_text(plan->id, id));
}
