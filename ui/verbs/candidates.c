#include "ui/verbs/candidates.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "model/syntax/states.h"
#include "ui/verbs/verb.h"

/* A line up to the word. */
struct typed {
	const struct incomplete *line;
	struct candidates *c;
	const char *word;      /* or the value in it, after `--option=` */
	size_t at;             /* bytes of the word before that */
	enum option_id option; /* the word is its value; OPT_END: not a value */
	bool options;          /* options of the verb were given */
	bool ended;            /* by "--" */
	const char *table;     /* the value of --table, or NULL */
	const struct verb *verb;
	size_t used; /* number of words that belong to the verb */
};

void candidates_offer(struct candidates *c, char *name, const char *about) {
	c->items = mem_grow(c->items, c->count + 1, sizeof *c->items);
	c->items[c->count++] = (struct candidate){name, about};
}

void candidates_offer_list(struct candidates *c, const char *const *names) {
	for (; names != NULL && *names != NULL; names++) {
		candidates_offer(c, mem_text(*names), "");
	}
}

/* Offers the words themselves among the alternatives of a synopsis of n bytes: "DUR|none", "on|off". */
static void offer_words(struct candidates *c, const char *name, size_t n) {
	for (size_t from = 0, len; from < n; from += len + 1) {
		len = strcspn(name + from, "| ]");
		len = from + len < n ? len : n - from;
		if (name[from] >= 'a' && name[from] <= 'z') {
			candidates_offer(c, mem_print("%.*s", (int)len, name + from), "");
		}
	}
}

/* Returns the option of a word, and its value when that is in the word too, else NULL. */
static enum option_id find_option(const char *word, const char **value) {
	size_t n = strcspn(word, "=");

	*value = word[n] == '=' ? word + n + 1 : NULL;
	for (int id = OPT_END + 1; id < OPT_COUNT_OF; id++) {
		const struct option_spec *spec = &option_specs[id];

		if (strncmp(word, "--", 2) == 0 && strlen(spec->name) == n - 2 &&
		    strncmp(word + 2, spec->name, n - 2) == 0) {
			return (enum option_id)id;
		}
		if (word[0] == '-' && word[1] != '\0' && word[1] == spec->letter) {
			*value = word[2] != '\0' && spec->takes == TAKES_VALUE ? word + 2 : NULL;
			return (enum option_id)id;
		}
	}
	return OPT_END;
}

/* Takes an option and its value, or NULL. */
static void take_option(struct typed *t, enum option_id id, const char *value) {
	t->table = id == OPT_TABLE ? value : t->table;
	if (id != OPT_END && option_specs[id].group == GROUP_CONNECTION) {
		args_add(&t->c->args, id, value);
	}
}

/* Takes one complete word. */
static void take(struct typed *t, const char *word) {
	struct args *args = &t->c->args;
	const char *value;
	enum option_id id;

	if (t->option != OPT_END) {
		take_option(t, t->option, word);
		t->option = OPT_END;
	} else if (word[0] != '-' || word[1] == '\0' || t->ended) {
		if (t->line->shell && word[0] == '@' && args->count == 0 && args->profile == NULL) {
			args->profile = word + 1;
			return;
		}
		args->operands[args->count++] = word;
	} else if (strcmp(word, "--") == 0) {
		t->ended = true;
	} else {
		id = find_option(word, &value);
		t->options = t->options || id == OPT_END || option_specs[id].group == GROUP_COMMON ||
			     option_specs[id].group == GROUP_VERB;
		if (option_specs[id].takes == TAKES_VALUE && value == NULL) {
			t->option = id;
		} else {
			take_option(t, id, value);
		}
	}
}

/* Offers the verbs that begin like the line after its first operands. */
static bool offer_verbs(struct typed *t, size_t first) {
	const struct args *args = &t->c->args;
	struct buf typed = {0};

	for (size_t i = first; i < args->count; i++) {
		buf_printf(&typed, "%s ", args->operands[i]);
	}
	buf_puts(&typed, t->word);
	for (struct verb_walk w = {.family = t->line->table}; verb_next(&w);) {
		if (strncmp(w.verb->words, buf_text(&typed), typed.len) == 0) {
			candidates_offer(t->c, mem_text(w.verb->words), w.verb->summary);
		}
	}
	buf_release(&typed);
	t->c->verbs = t->c->count > 0;
	t->c->first = first;
	return t->c->verbs;
}

static void offer_options(struct typed *t) {
	static const struct verb none = {.words = "", .synopsis = ""};
	const struct verb *verb = t->verb == NULL ? &none : t->verb;

	for (int id = OPT_END + 1; id < OPT_COUNT_OF; id++) {
		enum option_group group = option_specs[id].group;
		bool here = t->line->shell || group == GROUP_COMMON || group == GROUP_VERB;

		if (here && verb_takes(verb, (enum option_id)id)) {
			candidates_offer(t->c, mem_print("--%s", option_specs[id].name),
			    verb_option_help(verb, (enum option_id)id));
		}
	}
}

/* Requests names, which begin after `at` bytes of the word. */
static void ask_names(struct typed *t, enum names names, size_t at, const char *key, size_t n) {
	t->c->names = names;
	t->c->at = at;
	t->c->key = key == NULL ? NULL : mem_print("%.*s", (int)n, key);
}

/* Requests the keys of labels, and after a `=` the values of the key. */
static void ask_labels(struct typed *t, bool assigns) {
	const char *comma = strrchr(t->word, ',');
	const char *label = comma == NULL ? t->word : comma + 1;
	size_t n = strcspn(label, "=");
	size_t at = t->at + (size_t)(label - t->word);

	if (label[n] == '=') {
		ask_names(t, NAMES_VALUES, at + n + 1, label, n);
	} else {
		ask_names(t, NAMES_KEYS, at, NULL, 0);
		t->c->assigns = assigns;
	}
}

/* Requests the columns of the table, for the last word of a list. */
static void ask_columns(struct typed *t) {
	const char *comma = strrchr(t->word, ',');
	size_t before = comma == NULL ? 0 : (size_t)(comma + 1 - t->word);

	if (t->table == NULL) {
		t->c->table_missing = true;
	} else {
		ask_names(t, NAMES_COLUMNS, t->at + before, t->table, strlen(t->table));
	}
}

/* Completes a target: its kind, and the name of one that has a name. */
static void offer_target(struct typed *t) {
	static const char *const kinds[] = {"pool/", "project/", "org/", "resource/", "lease/", NULL};
	static const enum names names[] = {NAMES_POOLS, NAMES_PROJECTS, NAMES_ORGS, NAMES_POOLS};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strncmp(t->word, kinds[i], strlen(kinds[i])) == 0) {
			ask_names(t, names[i], t->at + strlen(kinds[i]), NULL, 0);
			return;
		}
	}
	candidates_offer_list(t->c, kinds);
}

/* Offers what completes the last term of a filter. */
static void offer_filter(struct typed *t, enum filter_rows rows) {
	t->c->at = t->at + candidates_of_filter(rows, t->word, t->c);
}

static bool begins(const char *text, size_t n, const char *with) {
	return n >= strlen(with) && strncmp(text, with, strlen(with)) == 0;
}

/* Completes a word with this name in the help: the metavar of an option, or a word of a synopsis. */
static void offer_called(struct typed *t, const char *name, size_t n) {
	bool list = n > 0 && *name == '[';

	name += list ? 1 : 0;
	n -= list ? 1 : 0;
	if (begins(name, n, "POOL") || begins(name, n, "ID|POOL")) {
		ask_names(t, NAMES_POOLS, t->at, NULL, 0);
	} else if (begins(name, n, "ORG/NAME")) {
		ask_names(t, NAMES_PROJECTS, t->at, NULL, 0);
	} else if (begins(name, n, "ORG")) {
		ask_names(t, NAMES_ORGS, t->at, NULL, 0);
	} else if (begins(name, n, "SEL") || begins(name, n, "K=V") || begins(name, n, "KEY")) {
		ask_labels(t, begins(name, n, "K=V"));
	} else if (begins(name, n, "FILTER")) {
		offer_filter(t, t->line->fields);
	} else if (begins(name, n, "BY")) {
		candidates_offer_list(t->c, t->line->sorts);
	} else if (begins(name, n, "T") && (n == 1 || strchr("]\xe2", name[1]) != NULL)) {
		offer_target(t);
	} else if (begins(name, n, "VERB")) {
		(void)offer_verbs(t, t->used);
	} else {
		offer_words(t->c, name, n);
		t->c->files = begins(name, n, "FILE") || begins(name, n, "DIR");
		t->c->own = name;
		t->c->own_bytes = n;
	}
}

/* Completes a value, or the last one of a list. */
static void offer_values(
    struct typed *t, const char *const *values, const struct state_group *groups, bool list) {
	const char *comma = list ? strrchr(t->word, ',') : NULL;

	t->c->at = t->at + (comma == NULL ? 0 : (size_t)(comma + 1 - t->word));
	candidates_offer_list(t->c, values);
	for (; groups != NULL && groups->word != NULL; groups++) {
		candidates_offer(t->c, mem_text(groups->word), "");
	}
}

/* Completes the value of an option. */
static void offer_value(struct typed *t, const struct verb *verb) {
	const char *const *values = verb_values(verb, t->option);
	const char *metavar = verb_metavar(verb, t->option);
	const char *called = metavar == NULL ? "" : metavar;

	if (t->option == OPT_FILTER && verb->rows != FILTER_NONE) {
		offer_filter(t, verb->rows);
	} else if (t->option == OPT_TABLE) {
		ask_names(t, NAMES_TABLES, t->at, NULL, 0);
	} else if (*called == 'C' && strchr(",:", called[1]) != NULL) {
		ask_columns(t);
	} else if (values != NULL) {
		offer_values(t, values, verb_groups(verb, t->option), strchr(called, ',') != NULL);
	} else {
		called = t->option == OPT_THEME ? "THEME" : called;
		offer_called(t, called, strlen(called));
	}
}

/* Completes an operand of the verb, named by its synopsis; the last name is that of all further operands. */
static void offer_operand(struct typed *t, const struct verb *verb) {
	const char *name = verb->synopsis;
	size_t n = strcspn(name, " ");

	for (size_t at = t->c->args.count - t->used; at > 0 && name[n] != '\0' && name[n + 1] != '-'; at--) {
		name += n + 1;
		n = strcspn(name, " ");
	}
	offer_called(t, name, n);
}

/* Completes the word after the others. */
static void find(struct typed *t) {
	static const struct verb none = {.words = "", .synopsis = ""};
	const struct verb *verb = t->verb == NULL ? &none : t->verb;
	const char *value = strchr(t->word, '=');
	const char *attached;

	if (t->option == OPT_END && !t->ended && strncmp(t->word, "--", 2) == 0 && value != NULL) {
		t->option = find_option(t->word, &attached);
		t->at += (size_t)(value + 1 - t->word);
		t->word = value + 1;
	}
	t->c->at = t->at;
	if (t->option != OPT_END) {
		offer_value(t, verb);
	} else if (t->word[0] == '-' && !t->ended && (t->verb != NULL || t->line->shell)) {
		offer_options(t);
	} else if (t->line->shell && t->word[0] == '@' && t->c->args.count == 0) {
		t->c->at = 1;
		t->c->own = "ENVIRONMENT";
		t->c->own_bytes = strlen("ENVIRONMENT");
	} else if (t->options || !offer_verbs(t, 0)) {
		offer_operand(t, verb);
	}
}

void candidates_find(const struct incomplete *line, struct candidates *c) {
	struct typed t = {.line = line, .c = c, .word = line->word};

	*c = (struct candidates){.args.operands = mem_new(line->count + 1, sizeof(char *))};
	for (size_t i = 0; i < line->count; i++) {
		take(&t, line->words[i]);
	}
	t.verb = verb_find(line->table, c->args.operands, c->args.count, &t.used);
	find(&t);
}

void candidates_release(struct candidates *c) {
	for (size_t i = 0; i < c->count; i++) {
		free(c->items[i].name);
	}
	free(c->items);
	free(c->key);
	args_release(&c->args);
	*c = (struct candidates){0};
}
