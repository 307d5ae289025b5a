/*
 * The candidates for the last term of a filter.
 */
#include "ui/verbs/candidates.h"

#include <string.h>

#include "db/base/mem.h"

#define ENDS " \t,("     /* a term begins after these */
#define OPERATORS "=!<>" /* after the name of a field */

/* Returns the start of the name in the last term. */
static size_t last_part(const char *text) {
	size_t at = strlen(text);

	while (at > 0 && strchr(ENDS, text[at - 1]) == NULL) {
		at--;
	}
	return at + strspn(text + at, "!");
}

/* Returns the names that are the values of a field; NAMES_NONE for other fields. */
static enum names names_of(enum filter_rows rows, const struct filter_field *field) {
	static const struct {
		const char *field;
		enum names names;
	} named[] = {{"pool", NAMES_POOLS}, {"project", NAMES_PROJECTS}};

	for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
		if (strcmp(named[i].field, field->name) == 0) {
			return named[i].names;
		}
	}
	return rows == FILTER_POOLS && strcmp(field->name, "name") == 0 ? NAMES_POOLS : NAMES_NONE;
}

static void offer_fields(enum filter_rows rows, struct candidates *c) {
	const struct filter_field *field = filter_fields[rows];

	for (; field != NULL && field->name != NULL; field++) {
		candidates_offer(c, mem_text(field->name), "");
	}
	if (filter_has_labels(rows)) {
		candidates_offer(c, mem_text("label:"), "");
	}
	c->open = true;
}

size_t candidates_of_filter(enum filter_rows rows, const char *text, struct candidates *c) {
	size_t at = last_part(text);
	size_t name = strcspn(text + at, OPERATORS);
	size_t value = name + strspn(text + at + name, OPERATORS);
	const struct filter_field *field;

	if (value == name) {
		offer_fields(rows, c);
		return at;
	}
	field = filter_fields[rows] == NULL ? NULL : filter_field_find(rows, text + at, name);
	if (field != NULL) {
		c->names = names_of(rows, field);
		candidates_offer_list(c, field->words);
		candidates_offer_list(c, field->shown);
	}
	return at + value;
}
