#include "model/syntax/selector.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/num.h"
#include "model/text/json.h"

void selector_release(struct selector *selector) {
	free(selector->requirements);
	free(selector->words);
	free(selector->values);
	*selector = (struct selector){0};
}

static int compare(const void *a, const void *b) {
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *value_of(const struct requirement *r, const struct selector_label *labels, size_t count) {
	for (size_t i = 0; i < count; i++) {
		if (strcmp(labels[i].name, r->name) == 0 && strcmp(labels[i].prefix, r->prefix) == 0) {
			return labels[i].value;
		}
	}
	return NULL;
}

static bool has_value(const struct requirement *r, const char *value) {
	return value != NULL && bsearch(&value, r->values, r->count, sizeof *r->values, compare) != NULL;
}

/* value is NULL for an object without the key. */
static bool holds(const struct requirement *r, const char *value) {
	int64_t number = 0;

	switch (r->op) {
	case SELECTOR_EXISTS:
		return value != NULL;
	case SELECTOR_ABSENT:
		return value == NULL;
	case SELECTOR_EQUALS:
	case SELECTOR_IN:
		return has_value(r, value);
	case SELECTOR_NOT_EQUALS:
	case SELECTOR_NOT_IN:
		return !has_value(r, value);
	default:
		return value != NULL && int_parse(value, 0, INT64_MAX, &number) &&
		       (r->op == SELECTOR_GREATER ? number > r->number : number < r->number);
	}
}

bool selector_matches(const struct selector *selector, const struct selector_label *labels, size_t count) {
	for (size_t i = 0; i < selector->count; i++) {
		const struct requirement *r = &selector->requirements[i];

		if (!holds(r, value_of(r, labels, count))) {
			return false;
		}
	}
	return true;
}

void selector_json(const struct selector *selector, struct buf *out) {
	static const char *const words[SELECTOR_OPS] = {
	    "exists", "absent", "equals", "not_equals", "in", "not_in", "greater", "less"};
	struct json j = {.out = out};

	json_open_array(&j);
	for (size_t i = 0; i < selector->count; i++) {
		const struct requirement *r = &selector->requirements[i];

		json_open_object(&j);
		json_put_key(&j, "op");
		json_put_text(&j, words[r->op]);
		json_put_key(&j, "prefix");
		json_put_text(&j, r->prefix);
		json_put_key(&j, "name");
		json_put_text(&j, r->name);
		json_put_key(&j, "values");
		json_open_array(&j);
		for (size_t k = 0; k < r->count; k++) {
			json_put_text(&j, r->values[k]);
		}
		json_close_array(&j);
		json_close_object(&j);
	}
	json_close_array(&j);
}

const char *selector_text(const struct selector *selector, struct buf *out) {
	if (selector == NULL || selector->count == 0) {
		return NULL;
	}
	selector_json(selector, out);
	return buf_text(out);
}
