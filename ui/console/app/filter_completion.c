#include "ui/console/app/filter_completion.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "ui/console/app/app.h"
#include "ui/console/app/match.h"
#include "ui/verbs/verb.h"

#define ENDS " \t,("     /* a term begins after these */
#define OPERATORS "=!<>" /* after a name */

enum filter_rows filter_rows_of(const struct verb *verb) {
	static const struct {
		const char *words;
		enum filter_rows rows;
	} lists[] = {{"pool list", FILTER_POOLS}, {"lease list", FILTER_LEASES},
	    {"lease holders", FILTER_HOLDERS}, {"queue list", FILTER_COMMANDS},
	    {"resource list", FILTER_RESOURCES}, {"project list", FILTER_PROJECTS}};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		if (strcmp(lists[i].words, verb->words) == 0) {
			return lists[i].rows;
		}
	}
	return FILTER_NONE;
}

/* Returns the start of the name in the last term. */
static size_t last_part(const char *text, size_t from) {
	size_t at = strlen(text);

	while (at > from && strchr(ENDS, text[at - 1]) == NULL) {
		at--;
	}
	return at + strspn(text + at, "!");
}

/* Offers the words of a field, where the value of a term is being typed; the value begins after `at` bytes.
 */
static void offer_words(struct match *m, enum filter_rows rows, const char *term, size_t name) {
	const struct filter_field *field = filter_field_find(rows, term, name);

	match_offer_list(m, field == NULL ? NULL : field->words);
}

/* Returns the names that are the values of a field; NAMES_NONE for other fields. */
static enum names names_of(enum filter_rows rows, const char *term, size_t name) {
	static const struct {
		const char *field;
		enum names names;
	} named[] = {{"pool", NAMES_POOLS}, {"project", NAMES_PROJECTS}};
	const struct filter_field *field = filter_field_find(rows, term, name);

	for (size_t i = 0; field != NULL && i < sizeof named / sizeof *named; i++) {
		if (strcmp(named[i].field, field->name) == 0) {
			return named[i].names;
		}
	}
	return field != NULL && rows == FILTER_POOLS && strcmp(field->name, "name") == 0 ? NAMES_POOLS
											 : NAMES_NONE;
}

static void offer_fields(struct match *m, enum filter_rows rows) {
	for (const struct filter_field *field = filter_fields[rows]; field->name != NULL; field++) {
		match_offer(m, field->name);
	}
	if (filter_has_labels(rows)) {
		match_offer(m, "label:");
	}
	m->open = true;
}

static void complete(struct app *app, enum filter_rows rows, bool filter, size_t from) {
	const char *text = line_editor_text(filter ? &app->filter : &app->command);
	size_t at = last_part(text, from);
	size_t name = strcspn(text + at, OPERATORS);
	size_t value = name + strspn(text + at + name, OPERATORS);
	struct match m = {.word = text + at, .filter = filter};

	if (value > name && names_of(rows, text + at, name) != NAMES_NONE) {
		completion_request(app, filter, names_of(rows, text + at, name), at + value, NULL, 0);
		return;
	}
	if (value > name) {
		m.word = text + at + value;
		offer_words(&m, rows, text + at, name);
		at += value;
	} else {
		offer_fields(&m, rows);
	}
	match_apply(app, &m, at);
	match_release(&m);
}

void filter_complete(struct app *app) {
	complete(app, app_pane(app)->view->fields, true, 0);
}

void filter_complete_word(struct app *app, enum filter_rows rows, size_t at) {
	complete(app, rows, false, at);
}
