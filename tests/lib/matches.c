#include "tests/lib/matches.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/num.h"
#include "model/syntax/selector.h"

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
