/*
 * Completion of a line after `:`. Verbs, options and option values come from the tables of the verbs, names
 * from the database. Names are requested when Tab is pressed, and offered when the answer arrives if the line
 * is still the same.
 */
#ifndef UI_CONSOLE_APP_COMPLETION_H
#define UI_CONSOLE_APP_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>

struct app;
struct batch;

enum names {
	NAMES_NONE,
	NAMES_POOLS,
	NAMES_PROJECTS,
	NAMES_ORGS,
	NAMES_KEYS,
	NAMES_VALUES,
	NAMES_TABLES,
	NAMES_COLUMNS
};

/* The requested names. */
struct completion {
	enum names names;
	bool filter; /* of the filter after `/`, else of the command line */
	char *line;  /* the line when Tab was pressed */
	size_t at;   /* bytes before the name */
	char *key;   /* of the label, for NAMES_VALUES; the table, for NAMES_COLUMNS */
};

void completion_release(struct completion *completion);

/* Completes the line of app->command, or requests the names for it. */
void completion_open(struct app *app);

/* Requests names that begin like the rest of the line, after `at` bytes: of the filter or the command line.
 * A label's key or a table, of n bytes, is copied; or NULL. */
void completion_request(struct app *app, bool filter, enum names names, size_t at, const char *key, size_t n);

/* Add the step that requests the names, and take its answer. */
void completion_ask(const struct completion *completion, struct batch *b);
void completion_answered(struct app *app, const struct batch *b);

#endif
