/* An accepted selector is written as JSON with the same contents, and its plain form is read as the same
 * again; a refused one is refused at one of its characters, or at its end. */
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/label.h"
#include "model/syntax/selector.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/matches.h"

static size_t least_values(enum selector_op op) {
	return op == SELECTOR_EXISTS || op == SELECTOR_ABSENT ? 0 : 1;
}

static size_t most_values(enum selector_op op) {
	return op == SELECTOR_IN || op == SELECTOR_NOT_IN ? SIZE_MAX : least_values(op);
}

static void write_key(const struct requirement *r, struct buf *out) {
	buf_printf(out, "%s%s%s", r->prefix, r->prefix[0] == '\0' ? "" : "/", r->name);
}

static void check_requirement(const struct requirement *r) {
	struct buf key = {0};
	struct err err = {0};

	write_key(r, &key);
	fuzz_check(label_key_check(buf_text(&key), key.len, &err));
	fuzz_check(r->count >= least_values(r->op) && r->count <= most_values(r->op));
	for (size_t i = 0; i < r->count; i++) {
		fuzz_check(label_value_check(r->values[i], strlen(r->values[i]), &err));
		fuzz_check(i == 0 || strcmp(r->values[i - 1], r->values[i]) < 0);
	}
	fuzz_check(r->number >= 0);
	buf_release(&key);
}

static void write_plain(const struct selector *s, struct buf *out) {
	static const char *const before[SELECTOR_OPS] = {[SELECTOR_ABSENT] = "!"};
	static const char *const after[SELECTOR_OPS] = {[SELECTOR_EQUALS] = "=",
	    [SELECTOR_NOT_EQUALS] = "!=",
	    [SELECTOR_IN] = " in (",
	    [SELECTOR_NOT_IN] = " notin (",
	    [SELECTOR_GREATER] = ">",
	    [SELECTOR_LESS] = "<"};

	for (size_t i = 0; i < s->count; i++) {
		const struct requirement *r = &s->requirements[i];

		buf_puts(out, i == 0 ? "" : ",");
		buf_puts(out, before[r->op] == NULL ? "" : before[r->op]);
		write_key(r, out);
		buf_puts(out, after[r->op] == NULL ? "" : after[r->op]);
		for (size_t k = 0; k < r->count; k++) {
			buf_printf(out, "%s%s", k == 0 ? "" : ",", r->values[k]);
		}
		buf_puts(out, most_values(r->op) == SIZE_MAX ? ")" : "");
	}
}

static void check_json(const struct selector *s, const char *text) {
	json_t *root = json_loads(text, 0, NULL);

	fuzz_check(json_is_array(root) && json_array_size(root) == s->count);
	for (size_t i = 0; i < s->count; i++) {
		const struct requirement *r = &s->requirements[i];
		json_t *item = json_array_get(root, i);
		json_t *values = json_object_get(item, "values");

		fuzz_check(json_is_string(json_object_get(item, "op")));
		fuzz_check(strcmp(json_string_value(json_object_get(item, "prefix")), r->prefix) == 0);
		fuzz_check(strcmp(json_string_value(json_object_get(item, "name")), r->name) == 0);
		fuzz_check(json_array_size(values) == r->count);
		for (size_t k = 0; k < r->count; k++) {
			fuzz_check(strcmp(json_string_value(json_array_get(values, k)), r->values[k]) == 0);
		}
	}
	json_decref(root);
}

static void check_accepted(const struct selector *s) {
	struct buf plain = {0};
	struct buf json = {0};
	struct buf json_again = {0};
	struct err err = {0};
	struct selector again;

	for (size_t i = 0; i < s->count; i++) {
		check_requirement(&s->requirements[i]);
	}
	selector_json(s, &json);
	check_json(s, buf_text(&json));
	write_plain(s, &plain);
	fuzz_check(selector_parse(buf_text(&plain), &again, &err));
	selector_json(&again, &json_again);
	fuzz_check(strcmp(buf_text(&json), buf_text(&json_again)) == 0);
	for (size_t i = 0; i < s->count; i++) {
		fuzz_check(s->requirements[i].number == again.requirements[i].number);
	}
	selector_release(&again);
	buf_release(&plain);
	buf_release(&json);
	buf_release(&json_again);
}

static void check_refused(const char *text, const struct err *err) {
	json_t *detail = json_loads(err->detail, 0, NULL);
	json_t *position = json_object_get(detail, "position");

	fuzz_check(err->code == ERR_INVALID_INPUT && err->message != NULL);
	fuzz_check(json_is_string(json_object_get(detail, "selector")) && json_is_integer(position));
	fuzz_check(
	    json_integer_value(position) >= 0 && json_integer_value(position) <= (json_int_t)strlen(text));
	json_decref(detail);
}

/* The result of each operator for its own first value, and for an object without the key. */
static void check_evaluated(const struct selector *s) {
	for (size_t i = 0; i < s->count; i++) {
		struct requirement *r = &s->requirements[i];
		const struct selector one = {.requirements = r, .count = 1};
		const struct selector_label label = {r->prefix, r->name, r->count == 0 ? "" : r->values[0]};
		bool with = r->op == SELECTOR_EXISTS || r->op == SELECTOR_EQUALS || r->op == SELECTOR_IN;
		bool without =
		    r->op == SELECTOR_ABSENT || r->op == SELECTOR_NOT_EQUALS || r->op == SELECTOR_NOT_IN;

		fuzz_check(selector_matches(&one, &label, 1) == with);
		fuzz_check(selector_matches(&one, NULL, 0) == without);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *text = fuzz_text(data, n);
	struct err err = {0};
	struct selector s = {0};

	if (selector_parse(text, &s, &err)) {
		check_accepted(&s);
		check_evaluated(&s);
		selector_release(&s);
	} else {
		check_refused(text, &err);
	}
	err_release(&err);
	free(text);
	return 0;
}
