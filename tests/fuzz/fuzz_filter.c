/* Filters: an accepted one is JSON for the server; a refused one is refused at one of its characters, or at
 * its end; a word in quotes is that word; and a selector is a filter of the same labels. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/filter.h"
#include "model/syntax/name.h"
#include "model/syntax/selector.h"
#include "tests/fuzz/fuzz.h"

static void check_refused(const char *text, struct err *err) {
	json_t *detail = json_loads(err->detail, 0, NULL);
	json_t *position = json_object_get(detail, "position");

	fuzz_check(json_is_string(json_object_get(detail, "selector")) && json_is_integer(position));
	fuzz_check(json_integer_value(position) >= 0);
	fuzz_check(json_integer_value(position) <= (json_int_t)strlen(text));
	json_decref(detail);
	fuzz_refused(err, ERR_INVALID_INPUT);
}

static void check_rows(const char *text, enum filter_rows rows) {
	struct row_filter filter = {0}, again = {0};
	struct err err = {0};

	if (!row_filter_parse(text, rows, &filter, &err)) {
		check_refused(text, &err);
		return;
	}
	if (filter.json != NULL) {
		fuzz_json(filter.json);
	}
	fuzz_check(row_filter_parse(text, rows, &again, &err));
	fuzz_check(filter.json == NULL || again.json == NULL ? filter.json == again.json
							     : strcmp(filter.json, again.json) == 0);
	row_filter_release(&filter);
	row_filter_release(&again);
}

/* Any text is a word when it is quoted. */
static void check_word(const char *word) {
	struct row_filter filter, quoted = {0};
	struct buf text = {0};
	struct err err = {0};

	buf_char(&text, '"');
	for (const char *at = word; *at != '\0'; at++) {
		buf_puts(&text, *at == '"' || *at == '\\' ? "\\" : "");
		buf_char(&text, *at);
	}
	buf_char(&text, '"');
	if (word[0] != '\0' && row_filter_parse(buf_text(&text), FILTER_LEASES, &quoted, &err)) {
		filter = row_filter_word(word);
		fuzz_check(quoted.json != NULL && strcmp(filter.json, quoted.json) == 0);
		row_filter_release(&filter);
	}
	row_filter_release(&quoted);
	err_release(&err);
	buf_release(&text);
}

/* Returns whether a key with an operator is also the name of a field. */
static bool names_field(const struct selector *selector) {
	for (size_t i = 0; i < selector->count; i++) {
		const struct requirement *r = &selector->requirements[i];

		if (r->prefix[0] == '\0' && r->op != SELECTOR_EXISTS && r->op != SELECTOR_ABSENT &&
		    filter_field_find(FILTER_LEASES, r->name, strlen(r->name)) != NULL) {
			return true;
		}
	}
	return false;
}

/* A selector of several terms is a filter; a single bare key is a word. */
static void check_selector(const char *text) {
	struct selector selector = {0};
	struct row_filter filter = {0};
	struct err err = {0};
	struct buf labels = {0};

	if (selector_parse(text, &selector, &err)) {
		if (selector.count > 1 && strchr(text, '!') != text && !names_field(&selector)) {
			json_t *root, *expected;

			fuzz_check(row_filter_parse(text, FILTER_LEASES, &filter, &err));
			root = json_loads(filter.json, 0, NULL);
			selector_json(&selector, &labels);
			expected = json_loads(buf_text(&labels), 0, NULL);
			fuzz_check(json_equal(json_object_get(root, "labels"), expected));
			json_decref(expected);
			json_decref(root);
		}
		selector_release(&selector);
	}
	row_filter_release(&filter);
	buf_release(&labels);
	err_release(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *text = fuzz_text(data, n);
	struct err err = {0};

	for (enum filter_rows rows = FILTER_LEASES; rows < FILTER_ROWS; rows++) {
		check_rows(text, rows);
	}
	if (text_check("word", text, n, &err)) {
		check_word(text);
		check_selector(text);
	}
	err_release(&err);
	free(text);
	return 0;
}
