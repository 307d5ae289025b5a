#include "ui/verbs/parse/args.h"

#include <assert.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "ui/verbs/parse/check.h"
#include "ui/verbs/parse/nearest.h"
#include "ui/verbs/parse/opt.h"
#include "ui/verbs/verb.h"

/* getopt_long returns this plus the option's id for a long option, beyond all characters. */
#define LONG_BASE 1000

/* The table of options as getopt takes it. */
struct getopt_tables {
	struct option longs[OPT_COUNT_OF];
	char shorts[3 + 3 * OPT_COUNT_OF];
};

/* The state while parsing. */
struct parser {
	int argc;
	char *const *argv;
	const struct verb *const *table;
	struct args *args;
	struct err *err;
};

static int getopt_takes(enum option_takes takes) {
	static const int words[] = {[TAKES_NOTHING] = no_argument,
	    [TAKES_VALUE] = required_argument,
	    [TAKES_MAYBE] = optional_argument};

	return words[takes];
}

/* "-" returns the operands in place, without reordering argv, whatever the environment says. ":"
 * distinguishes a missing value from an unknown option. '?' is left out, since getopt uses it for its own
 * answers; see failed_option(). */
static void make_tables(struct getopt_tables *t) {
	size_t n = 0;

	memset(t, 0, sizeof *t);
	t->shorts[n++] = '-';
	t->shorts[n++] = ':';
	for (int id = OPT_END + 1; id < OPT_COUNT_OF; id++) {
		const struct option_spec *spec = &option_specs[id];

		t->longs[id - 1] =
		    (struct option){spec->name, getopt_takes(spec->takes), NULL, LONG_BASE + id};
		if (spec->letter != 0 && spec->letter != '?') {
			t->shorts[n++] = spec->letter;
			if (spec->takes != TAKES_NOTHING) {
				t->shorts[n++] = ':';
			}
		}
	}
}

static enum option_id by_letter(int letter) {
	for (int id = OPT_END + 1; id < OPT_COUNT_OF; id++) {
		if (option_specs[id].letter == letter) {
			return (enum option_id)id;
		}
	}
	return OPT_END;
}

/* Returns the element of argv that getopt has just taken a long option from. */
static const char *element(const struct parser *p) {
	int at = optind - 1;

	if (optarg != NULL && at > 1 && optarg == p->argv[at]) {
		at--;
	}
	return p->argv[at];
}

/* Returns the nearest option that the verb takes, of those typed so far, or that any verb takes. */
static const char *nearest_option(const struct parser *p, const char *typed) {
	size_t used = 0;
	size_t first = p->args->count > 0 && p->args->operands[0][0] == '@' ? 1 : 0; /* a profile */
	const struct verb *verb = verb_find(
	    p->table, (const char *const *)p->args->operands + first, p->args->count - first, &used);
	struct nearest near = {.typed = typed};

	for (int id = OPT_END + 1; id < OPT_COUNT_OF; id++) {
		if (verb == NULL || verb_takes(verb, (enum option_id)id)) {
			nearest_offer(&near, option_specs[id].name);
		}
	}
	return near.best;
}

static bool unknown_option(const struct parser *p, const char *text, size_t len) {
	char *typed = mem_print("%.*s", (int)len, text);
	const char *near = strncmp(typed, "--", 2) == 0 ? nearest_option(p, typed + 2) : NULL;

	err_set(p->err, ERR_INVALID_INPUT, "%s: no such option", typed);
	free(typed);
	if (near != NULL) {
		return err_hint(p->err, "did you mean --%s?", near);
	}
	return err_hint(
	    p->err, "'berth help' lists the options; '--' goes before a word that begins with '-'");
}

/* Refuses the beginning of a name, which getopt_long takes when it is unambiguous. */
static bool check_whole(const struct parser *p, enum option_id id) {
	const char *text = element(p) + 2;
	size_t len = strcspn(text, "=");

	if (strlen(option_specs[id].name) == len) {
		return true;
	}
	unknown_option(p, text - 2, len + 2);
	return err_hint(p->err, "write it in full: --%s", option_specs[id].name);
}

void args_add(struct args *args, enum option_id option, const char *value) {
	args->given = mem_grow(args->given, args->given_count + 1, sizeof args->given[0]);
	args->given[args->given_count++] = (struct given){option, value};
}

static bool add_option(const struct parser *p, enum option_id id, const char *value) {
	const struct option_spec *spec = &option_specs[id];

	if (value != NULL && value[0] == '\0' && !spec->empty) {
		return err_set(p->err, ERR_INVALID_INPUT, "--%s: its value must not be empty", spec->name);
	}
	args_add(p->args, id, value);
	return true;
}

/* Names the whole word where the letter is a character beyond ASCII: getopt has taken one of its bytes. */
static bool unknown_letter(const struct parser *p, int what) {
	const char letter[] = {'-', (char)what};

	if (opt_given(p->args, OPT_PASSWORD) && strncmp(element(p), "-W", 2) == 0) {
		err_set(p->err, ERR_INVALID_INPUT, "-W: takes no value");
		return err_hint(p->err, "-W takes no password: it asks for one");
	}
	if ((unsigned char)what < 0x80) {
		return unknown_option(p, letter, sizeof letter);
	}
	return unknown_option(p, p->argv[optind], strlen(p->argv[optind]));
}

/* Takes getopt's '?' and ':': `-?` itself, or an option that is wrong. */
static bool failed_option(const struct parser *p, int answer) {
	int what = optopt;
	const char *text = element(p);

	if (what == '?') {
		return add_option(p, OPT_HELP, NULL);
	}
	if (what > LONG_BASE) {
		enum option_id id = (enum option_id)(what - LONG_BASE);

		return check_whole(p, id) &&
		       err_set(p->err, ERR_INVALID_INPUT,
			   answer == ':' ? "--%s: needs a value" : "--%s: takes no value",
			   option_specs[id].name);
	}
	if (answer == ':') {
		return err_set(p->err, ERR_INVALID_INPUT, "-%c: needs a value", what);
	}
	if (what != 0) {
		return unknown_letter(p, what);
	}
	return unknown_option(p, text, strcspn(text, "="));
}

static bool take(const struct parser *p, int answer) {
	if (answer == 1) {
		p->args->operands[p->args->count++] = optarg;
		return true;
	}
	if (answer == '?' || answer == ':') {
		return failed_option(p, answer);
	}
	if (answer >= LONG_BASE) {
		enum option_id id = (enum option_id)(answer - LONG_BASE);

		return check_whole(p, id) && add_option(p, id, optarg);
	}
	return add_option(p, by_letter(answer), optarg);
}

/* Splits argv into options and words. */
static bool split(const struct parser *p) {
	struct getopt_tables tables;

	make_tables(&tables);
	opterr = 0;
	optind = 0; /* starts over, also within a word that failed */
	for (;;) {
		optopt = 0;
		optarg = NULL;
		int answer = getopt_long(p->argc, p->argv, tables.shorts, tables.longs, NULL);

		if (answer == -1) {
			break;
		}
		if (!take(p, answer)) {
			return false;
		}
	}
	while (optind < p->argc) {
		p->args->operands[p->args->count++] = p->argv[optind++];
	}
	return true;
}

static bool check_text(const struct parser *p) {
	for (int i = 1; i < p->argc; i++) {
		char what[48];

		(void)snprintf(what, sizeof what, "word %d of the command line", i);
		if (!text_check(what, p->argv[i], SIZE_MAX, p->err)) {
			return false;
		}
	}
	return true;
}

/* Returns true when the words name a verb without operands and continue like no verb of its family: "queue
 * lst". */
static bool misspelt(const struct args *args, const struct verb *const *table, size_t used) {
	const char *const *words = (const char *const *)args->operands;

	return args->verb->max == 0 && args->count > used && verb_family(table, words, used);
}

/* Finds the verb that the words begin with, and leaves the operands. */
static bool name_verb(struct args *args, const struct verb *const *table, struct err *err) {
	const char *const *words = (const char *const *)args->operands;
	size_t used = 0;

	args->verb = verb_find(table, words, args->count, &used);
	if (args->verb == NULL && opt_given(args, OPT_PASSWORD)) {
		/* The word is not repeated: it may be the password. */
		err_set(err, ERR_INVALID_INPUT, "the first word is not a verb");
		return err_hint(err, "-W takes no password: it asks for one");
	}
	if (args->verb == NULL || misspelt(args, table, used)) {
		return (opt_given(args, OPT_HELP) && verb_family(table, words, args->count)) ||
		       verb_unknown(table, words, args->count, err);
	}
	args->count -= used;
	memmove(args->operands, args->operands + used, args->count * sizeof args->operands[0]);
	return true;
}

/* Takes "@prod" from the words, which it must begin. */
static bool name_profile(struct args *args, enum args_mode mode, struct err *err) {
	const char *first = args->count == 0 ? "" : args->operands[0];

	if (first[0] != '@') {
		return true;
	}
	if (mode != ARGS_PROGRAM) {
		(void)err_set(err, ERR_INVALID_INPUT, "%s: a profile is named on the command line", first);
		return mode == ARGS_CONSOLE && err_hint(err, ":connect %s goes there", first + 1);
	}
	args->profile = first + 1;
	args->count--;
	memmove(args->operands, args->operands + 1, args->count * sizeof args->operands[0]);
	return name_check("profile", args->profile, err);
}

static bool parse(const struct parser *p, enum args_mode mode) {
	struct args *args = p->args;

	return check_text(p) && split(p) && name_profile(args, mode, p->err) &&
	       (args->count == 0 || name_verb(args, p->table, p->err)) && args_check(args, mode, p->err);
}

bool args_parse(int argc, char *const *argv, const struct verb *const *table, enum args_mode mode,
    struct args *args, struct err *err) {
	struct args parsed = {.operands = mem_new((size_t)argc, sizeof parsed.operands[0])};
	const struct parser p = {argc, argv, table, &parsed, err};

	if (!parse(&p, mode)) {
		args_release(&parsed);
		return false;
	}
	*args = parsed;
	return true;
}

void args_release(struct args *args) {
	free(args->operands);
	free(args->given);
	*args = (struct args){0};
}

bool args_want_json(int argc, char *const *argv) {
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--json") == 0) {
			return true;
		}
	}
	return false;
}

/* Returns whether the text contains the word, as a whole word. */
static bool holds_word(const char *text, const char *word) {
	size_t n = strlen(word);

	for (const char *at = text; n > 0 && (at = strstr(at, word)) != NULL; at++) {
		bool begins = at == text || strchr(" '\"", at[-1]) != NULL;

		if (begins && strchr(" '\":,;", at[n]) != NULL) {
			return true;
		}
	}
	return false;
}

/* Returns whether the message begins with this word, an option, which may have its value with it. */
static bool is_option(const char *word, const char *message) {
	size_t n = strcspn(word, "=");

	return word[0] == '-' && strncmp(word, message, n) == 0 && strchr(" :", message[n]) != NULL;
}

int args_blamed(int argc, char *const *argv, const struct err *err) {
	int found = argc;

	for (int i = 1; i < argc; i++) {
		if (is_option(argv[i], err->message)) {
			return i + 1 < argc && holds_word(err->message, argv[i + 1]) ? i + 1 : i;
		}
	}
	if (strstr(err->message, "missing") != NULL) {
		return argc;
	}
	for (int i = 1; i < argc; i++) {
		found = holds_word(err->message, argv[i]) ? i : found;
	}
	return found;
}

const char *operand(const struct args *args, size_t at) {
	return at < args->count ? args->operands[at] : NULL;
}

const char *target_name(const char *kind, const char *target) {
	size_t n = strlen(kind);
	bool prefixed = target != NULL && strncmp(target, kind, n) == 0 && target[n] == '/';

	return prefixed ? target + n + 1 : target;
}
