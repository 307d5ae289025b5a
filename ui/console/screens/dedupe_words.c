#include "ui/console/screens/dedupe_words.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/text/script.h"

static bool set_survivor(const char *value, struct dedupe_words *words, struct err *err) {
	for (int i = 0; dedupe_survivor_names[i] != NULL; i++) {
		if (strcmp(dedupe_survivor_names[i], value) == 0) {
			words->survivor = (enum dedupe_survivor)i;
			return true;
		}
	}
	return err_set(
	    err, ERR_INVALID_INPUT, "--survivor %s: newest, oldest, lowest, highest or abort", value);
}

static bool set(const char *name, const char *value, struct dedupe_words *words, struct err *err) {
	const struct {
		const char *name;
		const char **place;
	} options[] = {{"--table", &words->table}, {"--key", &words->key}, {"--order", &words->order},
	    {"--value", &words->values}, {"--row-id", &words->row_id},
	    {"--null-as-empty", &words->null_as_empty}, {"--trim", &words->trim},
	    {"--constraint", &words->constraint}};

	if (*value == '\0') {
		return err_set(err, ERR_INVALID_INPUT, "%s needs a value", name);
	}
	if (strcmp(name, "--survivor") == 0) {
		return set_survivor(value, words, err);
	}
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		if (strcmp(options[i].name, name) == 0) {
			*options[i].place = value;
			return true;
		}
	}
	return err_set(err, ERR_INVALID_INPUT, "dedupe has no %s here", name);
}

/* "--key a", or "--key=a". */
static bool read_options(char **argv, int argc, struct dedupe_words *words, struct err *err) {
	for (int i = 1; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (value != NULL && argv[i][0] == '-') {
			*value++ = '\0';
		} else {
			value = i + 1 < argc ? argv[i + 1] : argv[argc - 1] + strlen(argv[argc - 1]);
		}
		if (!set(argv[i], value, words, err)) {
			return false;
		}
		i += i + 1 < argc && value == argv[i + 1] ? 1 : 0;
	}
	return true;
}

static bool needs(const struct dedupe_words *words, bool fix, struct err *err) {
	if (words->table == NULL || words->key == NULL) {
		return err_set(err, ERR_INVALID_INPUT, "dedupe needs --table T and --key C,D");
	}
	if (fix && words->trim != NULL) {
		return err_set(err, ERR_INVALID_INPUT, "--trim: a constraint cannot cut what it compares");
	}
	return true;
}

bool dedupe_words_read(
    const char *words, bool fix, struct buf *ask, enum dedupe_survivor *survivor, struct err *err) {
	struct dedupe_words read = {.survivor = DEDUPE_NEWEST};
	struct script_line line = {0};
	struct script script;
	bool ok;

	script_init(&script, words, strlen(words));
	if (!script_next(&script, &line, err)) {
		return false;
	}
	ok = read_options(line.argv, line.argc, &read, err) && needs(&read, fix, err) &&
	     dedupe_ask(&read, ask, err);
	if (ok) {
		*survivor = read.survivor;
	}
	script_line_release(&line);
	return ok;
}
