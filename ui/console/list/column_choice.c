#include "ui/console/list/column_choice.h"

#include <string.h>

#include "db/base/buf.h"
#include "ui/console/list/view.h"

void column_word(const struct view *view, size_t column, struct buf *out) {
	const char *title = view_title(view, column);

	title += strspn(title, "/ ");
	buf_puts(out, *title == '\0' ? "BAR" : title);
}

void columns_words(const struct view *view, unsigned hidden, struct buf *out) {
	const char *between = "";

	for (size_t i = 0; i < view->column_count; i++) {
		if ((hidden >> i & 1) != 0) {
			buf_puts(out, between);
			column_word(view, i, out);
			between = ", ";
		}
	}
}

/* Returns true when the list of words, with ", " between, has the word. */
static bool has_word(const char *words, const char *word) {
	size_t n = strlen(word);

	while (*words != '\0') {
		size_t length = strcspn(words, ",");

		if (length == n && memcmp(words, word, n) == 0) {
			return true;
		}
		words += length;
		words += strspn(words, ", ");
	}
	return false;
}

unsigned columns_hidden(const struct view *view, const char *words) {
	unsigned hidden = 0;

	for (size_t i = 0; i < view->column_count; i++) {
		struct buf word = {0};

		column_word(view, i, &word);
		hidden |= i != view->main && has_word(words, buf_text(&word)) ? 1U << i : 0;
		buf_release(&word);
	}
	return hidden;
}
