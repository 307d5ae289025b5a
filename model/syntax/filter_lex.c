#include "model/syntax/filter_lex.h"

#include <string.h>

#define SYMBOLS "=!(),><" /* as in selectors */

const char *filter_skip(const char *at) {
	return at + strspn(at, FILTER_BLANKS);
}

bool filter_ends(const char *at) {
	return *at == '\0' || strchr(FILTER_BLANKS ",", *at) != NULL;
}

size_t filter_name(const char *at) {
	return strcspn(at, SYMBOLS FILTER_BLANKS);
}

/* Returns true when the word and a bracket are there, with only blanks between. */
static bool opens(const char *at, const char *word) {
	size_t n = strlen(word);

	return strncmp(at, word, n) == 0 && *filter_skip(at + n) == '(';
}

const char *filter_operator(const char *name, const char *after, const char **from) {
	static const char *const operators[] = {"!=", "==", "<=", ">=", "=", "<", ">"};
	const char *at = filter_skip(after);

	*from = at;
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		if (strncmp(at, operators[i], strlen(operators[i])) == 0) {
			return operators[i];
		}
	}
	if (at > after && after > name) {
		return opens(at, "in") ? "in" : opens(at, "notin") ? "notin" : NULL;
	}
	return NULL;
}

const char *filter_label_end(const char *op, const char *from) {
	const char *at = filter_skip(from + strlen(op));

	if (strcmp(op, "in") == 0 || strcmp(op, "notin") == 0) {
		at += strcspn(at, ")");
		return at + (*at == ')' ? 1 : 0);
	}
	return at + strcspn(at, FILTER_BLANKS ",");
}
