#include "ui/console/list/filter.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/console/list/view.h"

#define BLANKS " \t"

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

/* Reads a word. */
static void read_word(const char *text, struct filter *out) {
	bool invert = *text == '!';
	const char *from = text + (invert ? 1 : 0);
	size_t n;

	from += strspn(from, BLANKS);
	n = strlen(from);
	while (n > 0 && strchr(BLANKS, from[n - 1]) != NULL) {
		n--;
	}
	*out = (struct filter){.word = mem_print("%.*s", (int)n, from), .invert = invert && n > 0};
}

bool filter_read(
    const char *text, const struct view *view, struct filter *out, size_t *wrong, struct err *err) {
	if (view->fields != FILTER_NONE) {
		return read_fields(text, view, out, wrong, err);
	}
	read_word(text, out);
	return true;
}

const char *filter_help(const struct view *view) {
	static const char *const fields[] = {
	    [FILTER_LEASES] =
		"words, state=broken held>30d expires<1h holder=ci value=10.0.0.0/24, labels; ! inverts",
	    [FILTER_POOLS] = "words, an address, free<20 used%>90 runs-out<7d kind=ipv4, labels; ! inverts",
	    [FILTER_COMMANDS] =
		"words, state=stuck action=release lag>5m tries>1 by=ci error=text; ! inverts",
	    [FILTER_RESOURCES] =
		"words, an address, state=cordon free<20 used%>90 kind=ipv4, labels; ! inverts",
	    [FILTER_PROJECTS] =
		"words, used%>90 leases>100 limit<50 org=acme state=closed, labels; ! inverts",
	    [FILTER_ALERTS] = "words, kind=stuck severity=critical target=web for>1h; ! inverts"};

	return view->fields != FILTER_NONE ? fields[view->fields] : "a word; ! in front inverts";
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
	row_filter_release(&filter->fields);
	*filter = (struct filter){0};
}

void filter_put(const struct filter *filter, struct question *q) {
	q->match = filter->word;
	q->invert = filter->invert;
	q->filter = &filter->fields;
}
