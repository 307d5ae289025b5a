/*
 * The answer to words that are no verb: the nearest one, or those that begin so.
 */
#include "ui/verbs/verb.h"

#include "db/base/buf.h"
#include "db/base/err.h"
#include "ui/verbs/parse/nearest.h"

/* Appends the words, with a blank between them. */
static void put_words(const char *const *words, size_t n, struct buf *out) {
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "%s%s", i == 0 ? "" : " ", words[i]);
	}
}

/* Returns the words of the verb that is nearest to the beginning of the typed words, or NULL. */
static const char *nearest(const struct verb *const *table, const char *const *words, size_t n) {
	struct nearest found = {0};

	for (size_t used = n < 2 ? n : 2; used > 0 && found.best == NULL; used--) {
		struct buf typed = {0};

		put_words(words, used, &typed);
		found.typed = buf_text(&typed);
		for (struct verb_walk w = {.family = table}; verb_next(&w);) {
			nearest_offer(&found, w.verb->words);
		}
		buf_release(&typed);
	}
	return found.best;
}

/* Appends the verbs that begin with the word. */
static void put_family(const struct verb *const *table, const char *const *words, struct buf *out) {
	for (struct verb_walk w = {.family = table}; verb_next(&w);) {
		if (verb_in_family(w.verb, words, 1)) {
			buf_printf(out, "%s%s", out->len == 0 ? "" : ", ", w.verb->words);
		}
	}
}

static void hint_near(const struct verb *const *table, const char *const *words, size_t n, struct err *err) {
	struct buf family = {0};
	const char *near;

	put_family(table, words, &family);
	near = n == 1 && family.len > 0 ? NULL : nearest(table, words, n);
	if (near != NULL) {
		err_hint(err, "did you mean %s?", near);
	} else if (family.len > 0) {
		err_hint(err, "the verbs are %s", buf_text(&family));
	} else {
		err_hint(err, "'berth help' lists the verbs");
	}
	buf_release(&family);
}

bool verb_unknown(const struct verb *const *table, const char *const *words, size_t n, struct err *err) {
	bool family = verb_family(table, words, 1);

	if (family && n == 1) {
		err_set(err, ERR_INVALID_INPUT, "%s: a word is missing after it", words[0]);
	} else if (family) {
		err_set(err, ERR_INVALID_INPUT, "'%s %s': no such verb", words[0], words[1]);
	} else {
		err_set(err, ERR_INVALID_INPUT, "'%s': no such verb", words[0]);
	}
	hint_near(table, words, n, err);
	return false;
}
