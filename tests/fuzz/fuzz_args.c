/* The command line, a word a line: what is accepted is accepted in its canonical form, with the same meaning;
 * an error is about one of the words, or about one that is missing. */
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "tests/fuzz/fuzz.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"
#include "ui/verbs/verb.h"

enum { WORDS = 24, ROOM = 4 * WORDS };

/* argv as a program gets it. */
struct words {
	int count;
	char *argv[ROOM + 1];
};

static void add(struct words *words, char *word) {
	fuzz_check(words->count < ROOM);
	words->argv[words->count++] = word;
	words->argv[words->count] = NULL;
}

static void words_release(struct words *words) {
	for (int i = 0; i < words->count; i++) {
		free(words->argv[i]);
	}
}

/* Writes the options with a `=`, and the operands after a `--`. */
static void write_canonical(const struct args *args, struct words *out) {
	add(out, mem_text("berth"));
	if (args->profile != NULL) {
		add(out, mem_print("@%s", args->profile));
	}
	if (args->verb != NULL) {
		const char *word = args->verb->words;

		for (size_t n; *word != '\0'; word += n + strspn(word + n, " ")) {
			n = strcspn(word, " ");
			add(out, mem_print("%.*s", (int)n, word));
		}
	}
	for (size_t i = 0; i < args->given_count; i++) {
		const struct given *given = &args->given[i];
		const char *name = option_specs[given->option].name;

		add(out, given->value == NULL ? mem_print("--%s", name)
					      : mem_print("--%s=%s", name, given->value));
	}
	add(out, mem_text("--"));
	for (size_t i = 0; i < args->count; i++) {
		add(out, mem_text(operand(args, i)));
	}
}

static bool same_text(const char *a, const char *b) {
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same(const struct args *a, const struct args *b) {
	if (a->verb != b->verb || !same_text(a->profile, b->profile) || a->count != b->count ||
	    a->given_count != b->given_count) {
		return false;
	}
	for (size_t i = 0; i < a->count; i++) {
		if (!same_text(operand(a, i), operand(b, i))) {
			return false;
		}
	}
	for (size_t i = 0; i < a->given_count; i++) {
		if (a->given[i].option != b->given[i].option ||
		    !same_text(a->given[i].value, b->given[i].value)) {
			return false;
		}
	}
	return true;
}

static void check(const struct words *words, enum args_mode mode) {
	struct words canonical = {0};
	struct args args = {0}, again = {0};
	struct err err = {0};

	if (!args_parse(words->count, words->argv, verbs, mode, &args, &err)) {
		int blamed = args_blamed(words->count, words->argv, &err);

		fuzz_check(blamed >= 1 && blamed <= words->count);
		fuzz_refused(&err, ERR_INVALID_INPUT);
		return;
	}
	fuzz_check(!opt_given(&args, OPT_JSON) || args_want_json(words->count, words->argv));
	write_canonical(&args, &canonical);
	fuzz_check(args_parse(canonical.count, canonical.argv, verbs, mode, &again, &err));
	fuzz_check(same(&args, &again));
	args_release(&args);
	args_release(&again);
	words_release(&canonical);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct words words = {0};

	add(&words, mem_text("berth"));
	while (n > 0 && words.count < WORDS) {
		add(&words, fuzz_line(&data, &n));
	}
	check(&words, ARGS_PROGRAM);
	check(&words, ARGS_LINE);
	check(&words, ARGS_CONSOLE);
	words_release(&words);
	return 0;
}
