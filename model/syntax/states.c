#include "model/syntax/states.h"

#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"

static bool is_word(const char *word, const char *text, size_t n) {
	return strlen(word) == n && memcmp(word, text, n) == 0;
}

static unsigned find(const char *text, size_t n, const char *const *names, const struct state_group *groups) {
	for (; groups->word != NULL; groups++) {
		if (is_word(groups->word, text, n)) {
			return groups->states;
		}
	}
	for (unsigned i = 0; names[i] != NULL; i++) {
		if (is_word(names[i], text, n)) {
			return 1U << i;
		}
	}
	return 0;
}

static bool refuse(
    const char *text, const char *const *names, const struct state_group *groups, struct err *err) {
	struct buf words = {0};

	for (; *names != NULL; names++) {
		buf_printf(&words, "%s%s", words.len == 0 ? "" : ", ", *names);
	}
	for (; groups->word != NULL; groups++) {
		buf_printf(&words, ", %s", groups->word);
	}
	err_set(err, ERR_INVALID_INPUT, "\"%s\": the states are %s", text, buf_text(&words));
	buf_release(&words);
	return false;
}

bool states_parse(const char *text, const char *const *names, const struct state_group *groups,
    unsigned *states, struct err *err) {
	unsigned all = 0;

	for (const char *p = text; p != NULL;) {
		size_t n = strcspn(p, ",");
		unsigned found = find(p, n, names, groups);

		if (found == 0) {
			return refuse(text, names, groups, err);
		}
		all |= found;
		p = p[n] == ',' ? p + n + 1 : NULL;
	}
	*states = all;
	return true;
}

void states_text(unsigned states, const char *const *names, struct buf *out) {
	bool any = false;

	buf_char(out, '{');
	for (unsigned i = 0; names[i] != NULL; i++) {
		if ((states & 1U << i) != 0) {
			buf_puts(out, any ? "," : "");
			buf_puts(out, names[i]);
			any = true;
		}
	}
	buf_char(out, '}');
}
