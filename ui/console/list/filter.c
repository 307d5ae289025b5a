#include "ui/console/list/filter.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/console/list/view.h"

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

static bool read_fields(
    const char *text, const struct view *view, struct filter *out, size_t *wrong, struct err *err) {
	struct filter filter = {0};

	if (!row_filter_parse(text, view->fields, &filter.fields, err)) {
		*wrong = position(err);
		return false;
	}
	filter.word = mem_text("");
	*out = filter;
	return true;
}

/* Reads a word or a selector. */
static bool read_plain(const char *text, bool labelled, struct filter *out, size_t *wrong, struct err *err) {
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

bool filter_read(
    const char *text, const struct view *view, struct filter *out, size_t *wrong, struct err *err) {
	return view->fields != FILTER_NONE ? read_fields(text, view, out, wrong, err)
					   : read_plain(text, view->labelled, out, wrong, err);
}

const char *filter_help(const struct view *view) {
	static const char *const fields[] = {
	    [FILTER_LEASES] =
		"words, state=broken held>30d expires<1h holder=ci value=10.0.0.0/24, labels; ! inverts",
	    [FILTER_POOLS] = "words, an address, free<20 used%>90 runs-out<7d kind=ipv4, labels; ! inverts",
	    [FILTER_COMMANDS] =
		"words, state=stuck action=release lag>5m tries>1 by=ci error=text; ! inverts"};

	if (view->fields != FILTER_NONE) {
		return fields[view->fields];
	}
	return view->labelled ? "a word, or a selector: env=prod,!old  tier in (a,b)   ! first inverts it all"
			      : "a word; ! in front inverts";
}

bool filter_of_selector(
    const struct view *view, const char *text, const struct selector *selector, struct buf *out) {
	bool alone = selector->count == 1 && selector->requirements[0].op == SELECTOR_EXISTS;

	for (size_t i = 0; view->fields != FILTER_NONE && i < selector->count; i++) {
		const struct requirement *r = &selector->requirements[i];

		if (*r->prefix == '\0' && filter_field_find(view->fields, r->name, strlen(r->name)) != NULL) {
			return false;
		}
	}
	buf_printf(out, "%s%s", *text == '!' ? " " : "", text);
	return !alone;
}

void filter_release(struct filter *filter) {
	free(filter->word);
	selector_release(&filter->selector);
	row_filter_release(&filter->fields);
	*filter = (struct filter){0};
}

void filter_put(const struct filter *filter, struct question *q) {
	q->match = filter->word;
	q->selector = filter->labels ? &filter->selector : NULL;
	q->invert = filter->invert;
	q->filter = &filter->fields;
}
