#include "ui/console/list/filter.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "db/base/err.h"
#include "db/base/mem.h"

#define BLANKS " \t"

/* Returns true when `word` and a bracket are there, with only blanks between. */
static bool opens(const char *at, const char *word) {
	size_t n = strlen(word);

	return strncmp(at, word, n) == 0 && at[n + strspn(at + n, BLANKS)] == '(';
}

static bool is_selector(const char *text) {
	if (strpbrk(text, "=!<>,") != NULL) {
		return true;
	}
	for (const char *at = text; (at = strpbrk(at, BLANKS)) != NULL; at++) {
		if (opens(at + 1, "in") || opens(at + 1, "notin")) {
			return true;
		}
	}
	return false;
}

/* Returns the number of characters before the error in a selector. */
static size_t position(const struct err *err) {
	json_t *detail = err->detail == NULL ? NULL : json_loads(err->detail, 0, NULL);
	json_int_t at = json_integer_value(json_object_get(detail, "position"));

	json_decref(detail);
	return at < 0 ? 0 : (size_t)at;
}

bool filter_read(const char *text, bool labelled, struct filter *out, size_t *wrong, struct err *err) {
	bool invert = *text == '!';
	const char *rest = text + (invert ? 1 : 0);
	struct selector selector = {0};
	bool labels = labelled && is_selector(rest);
	size_t from;
	size_t n;

	if (labels && !selector_parse(rest, &selector, err)) {
		*wrong = position(err) + (invert ? 1 : 0);
		return false;
	}
	from = strspn(rest, BLANKS);
	n = strlen(rest + from);
	while (n > 0 && strchr(BLANKS, rest[from + n - 1]) != NULL) {
		n--;
	}
	*out = (struct filter){.word = mem_print("%.*s", labels ? 0 : (int)n, rest + from),
	    .labels = labels,
	    .selector = selector,
	    .invert = invert && (labels || n > 0)};
	return true;
}

void filter_release(struct filter *filter) {
	free(filter->word);
	selector_release(&filter->selector);
	*filter = (struct filter){0};
}
