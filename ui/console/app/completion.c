#include "ui/console/app/completion.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/filter.h"
#include "model/text/script.h"
#include "ui/console/app/app.h"
#include "ui/console/app/filter_completion.h"
#include "ui/console/app/match.h"
#include "ui/console/app/own_names.h"
#include "ui/verbs/verb.h"

/* A line up to its last word, which may be incomplete. */
struct typed {
	const char *word; /* the last one, maybe empty */
	size_t at;        /* bytes before it */
	const char **operands;
	size_t count;
	enum option_id option; /* the word is its value; OPT_END: not a value */
	bool options;          /* options were given */
	const char *table;     /* the value of --table, or NULL */
	const struct verb *verb;
	size_t used; /* number of words that belong to the verb */
};

static enum option_id find_option(const char *word) {
	size_t n = strcspn(word, "=");

	for (int id = OPT_END + 1; id < OPT_COUNT_OF; id++) {
		const struct option_spec *spec = &option_specs[id];
		bool long_one = strncmp(word, "--", 2) == 0 && strlen(spec->name) == n - 2 &&
				strncmp(word + 2, spec->name, n - 2) == 0;
		bool short_one =
		    word[0] == '-' && word[1] != '\0' && word[1] == spec->letter && word[2] == '\0';

		if (long_one || short_one) {
			return (enum option_id)id;
		}
	}
	return OPT_END;
}

/* Takes one complete word. */
static void take(struct typed *t, const char *word) {
	bool is_value = t->option != OPT_END;

	if (is_value) {
		t->table = t->option == OPT_TABLE ? word : t->table;
		t->option = OPT_END;
		return;
	}
	if (word[0] == '-') {
		enum option_id id = find_option(word);
		const char *value = strchr(word, '=');

		t->table = id == OPT_TABLE && value != NULL ? value + 1 : t->table;

		t->options = true;
		t->option = option_specs[id].takes == TAKES_VALUE && strchr(word, '=') == NULL ? id : OPT_END;
	} else {
		t->operands[t->count++] = word;
	}
}

/* Reads the words before the last one, borrowed from `words`. */
static void read_typed(
    const char *line, const struct script_line *words, const struct verb *const *table, struct typed *t) {
	t->operands = mem_new((size_t)words->argc + 1, sizeof *t->operands);
	for (int i = 1; i < words->argc; i++) {
		take(t, words->argv[i]);
	}
	t->word = line + t->at;
	t->verb = verb_find(table, t->operands, t->count, &t->used);
}

/* Offers the verbs that begin like the line. */
static bool offer_verbs(struct app *app, const struct typed *t) {
	struct buf typed = {0};
	struct match m = {0};
	bool found;

	for (size_t i = 0; i < t->count; i++) {
		buf_printf(&typed, "%s ", t->operands[i]);
	}
	buf_puts(&typed, t->word);
	m.word = buf_text(&typed);
	for (struct verb_walk w = {.family = (const struct verb *const *)app->verbs}; verb_next(&w);) {
		match_offer(&m, w.verb->words);
	}
	found = m.count > 0;
	if (found) {
		match_apply(app, &m, script_word_at(line_editor_text(&app->command), 1));
	}
	match_release(&m);
	buf_release(&typed);
	return found;
}

static void offer_options(struct app *app, const struct typed *t) {
	struct match m = {.word = t->word};

	for (int id = OPT_END + 1; id < OPT_COUNT_OF; id++) {
		enum option_group group = option_specs[id].group;
		char *name = mem_print("--%s", option_specs[id].name);

		if ((group == GROUP_COMMON || group == GROUP_VERB) &&
		    verb_takes(t->verb, (enum option_id)id)) {
			match_offer(&m, name);
		}
		free(name);
	}
	match_apply(app, &m, t->at);
	match_release(&m);
}

/* Requests names for the command line. */
static void ask_names(struct app *app, enum names names, size_t at, const char *key, size_t n) {
	completion_request(app, false, names, at, key, n);
}

/* Requests the keys of labels, and after a `=` the values of the key. */
static void ask_labels(struct app *app, const struct typed *t) {
	const char *comma = strrchr(t->word, ',');
	const char *label = comma == NULL ? t->word : comma + 1;
	size_t n = strcspn(label, "=");
	size_t at = t->at + (size_t)(label - t->word);

	if (label[n] == '=') {
		ask_names(app, NAMES_VALUES, at + n + 1, label, n);
	} else {
		ask_names(app, NAMES_KEYS, at, NULL, 0);
	}
}

/* Completes a word by these names. */
static void complete_by(struct app *app, const struct typed *t, const char *const *names) {
	struct match m = {.word = t->word};

	match_offer_list(&m, names);
	match_apply(app, &m, t->at);
	match_release(&m);
}

/* Requests the columns of the table, for the last word of a list. */
static void ask_columns(struct app *app, const struct typed *t) {
	const char *comma = strrchr(t->word, ',');
	size_t before = comma == NULL ? 0 : (size_t)(comma + 1 - t->word);

	if (t->table == NULL) {
		app_say(app, STYLE_NORMAL, "give --table first: its columns complete this");
	} else {
		ask_names(app, NAMES_COLUMNS, t->at + before, t->table, strlen(t->table));
	}
}

/* Completes a target: its kind, and the name of one that has a name. */
static void offer_target(struct app *app, const struct typed *t) {
	static const char *const kinds[] = {"pool/", "project/", "org/", "resource/", "lease/", NULL};
	static const enum names names[] = {NAMES_POOLS, NAMES_PROJECTS, NAMES_ORGS, NAMES_POOLS};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strncmp(t->word, kinds[i], strlen(kinds[i])) == 0) {
			ask_names(app, names[i], t->at + strlen(kinds[i]), NULL, 0);
			return;
		}
	}
	complete_by(app, t, kinds);
}

static bool begins(const char *text, size_t n, const char *with) {
	return n >= strlen(with) && strncmp(text, with, strlen(with)) == 0;
}

static void offer(void *match, const char *name) {
	match_offer(match, name);
}

/* Completes a word with this name in the help: the metavar of an option, or a word of a synopsis. */
static void offer_called(struct app *app, const struct typed *t, const char *name, size_t n) {
	bool list = n > 0 && *name == '[';

	name += list ? 1 : 0;
	n -= list ? 1 : 0;
	if (begins(name, n, "POOL") || begins(name, n, "ID|POOL")) {
		ask_names(app, NAMES_POOLS, t->at, NULL, 0);
	} else if (begins(name, n, "ORG/NAME")) {
		ask_names(app, NAMES_PROJECTS, t->at, NULL, 0);
	} else if (begins(name, n, "ORG")) {
		ask_names(app, NAMES_ORGS, t->at, NULL, 0);
	} else if (begins(name, n, "SEL") || begins(name, n, "K=V") || begins(name, n, "KEY")) {
		ask_labels(app, t);
	} else if (begins(name, n, "FILTER")) {
		filter_complete_word(app, app_pane(app)->view->fields, t->at);
	} else if (begins(name, n, "BY")) {
		complete_by(app, t, app_pane(app)->view->sorts);
	} else if (begins(name, n, "T") && (n == 1 || strchr("]\xe2", name[1]) != NULL)) {
		offer_target(app, t);
	} else {
		struct match m = {.word = t->word};
		struct err err = {0};

		match_offer_words(&m, name, n);
		if (own_names(name, n, offer, &m, &err)) {
			match_apply(app, &m, t->at);
		} else {
			app_tell(app, STYLE_WARNING, &err);
		}
		match_release(&m);
		err_release(&err);
	}
}

/* Completes a value, or the last one of a list. */
static void complete_last(struct app *app, const struct typed *t, const char *const *values, bool list) {
	const char *comma = list ? strrchr(t->word, ',') : NULL;
	struct typed last = *t;

	if (comma != NULL) {
		last.at += (size_t)(comma + 1 - t->word);
		last.word = comma + 1;
	}
	complete_by(app, &last, values);
}

/* Completes the value of an option. */
static void offer_value(struct app *app, const struct typed *t) {
	const char *const *values = verb_values(t->verb, t->option);
	const char *metavar = verb_metavar(t->verb, t->option);
	const char *called = metavar == NULL ? "" : metavar;

	if (t->option == OPT_FILTER && filter_rows_of(t->verb) != FILTER_NONE) {
		filter_complete_word(app, filter_rows_of(t->verb), t->at);
	} else if (t->option == OPT_TABLE) {
		ask_names(app, NAMES_TABLES, t->at, NULL, 0);
	} else if (*called == 'C' && strchr(",:", called[1]) != NULL) {
		ask_columns(app, t);
	} else if (values != NULL) {
		complete_last(app, t, values, strchr(called, ',') != NULL);
	} else {
		offer_called(app, t, called, strlen(called));
	}
}

/* Completes an operand of the verb, named by its synopsis; the last name is that of all further operands. */
static void offer_operand(struct app *app, const struct typed *t) {
	const char *name = t->verb->synopsis;
	size_t n = strcspn(name, " ");

	for (size_t at = t->count - t->used; at > 0 && name[n] != '\0' && name[n + 1] != '-'; at--) {
		name += n + 1;
		n = strcspn(name, " ");
	}
	offer_called(app, t, name, n);
}

/* Completes the last word of a line whose other words are complete. */
static void complete(struct app *app, struct typed *t) {
	static const struct verb none = {.words = "", .synopsis = ""};
	const char *value = strchr(t->word, '=');

	if (t->option == OPT_END && t->word[0] == '-' && value != NULL) {
		t->option = find_option(t->word);
		t->at += (size_t)(value + 1 - t->word);
		t->word = value + 1;
	}
	if (t->option != OPT_END) {
		t->verb = t->verb == NULL ? &none : t->verb;
		offer_value(app, t);
	} else if (t->verb != NULL && t->word[0] == '-') {
		offer_options(app, t);
	} else if (t->options || !offer_verbs(app, t)) {
		t->verb = t->verb == NULL ? &none : t->verb;
		offer_operand(app, t);
	}
}

void completion_open(struct app *app) {
	const char *line = line_editor_text(&app->command);
	const char *blank = strrchr(line, ' ');
	struct typed t = {.at = blank == NULL ? 0 : (size_t)(blank + 1 - line)};
	char *before = mem_print("%.*s", (int)t.at, line);
	struct script_line words = {0};
	struct script script;
	struct err err = {0};

	script_init(&script, before, t.at);
	if (script_next(&script, &words, &err)) {
		read_typed(line, &words, (const struct verb *const *)app->verbs, &t);
		complete(app, &t);
	} else {
		app_say(app, STYLE_WARNING, "%s", err.message);
		err_release(&err);
	}
	free(t.operands);
	script_line_release(&words);
	free(before);
}
