/*
 * Completion of a line after `:`, by the candidates of ui/verbs/candidates.h. Names in the database are
 * requested when Tab is pressed, and offered when the answer arrives if the line is still the same.
 */
#ifndef UI_CONSOLE_APP_COMPLETION_H
#define UI_CONSOLE_APP_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/verbs/names.h"

struct app;
struct batch;
struct candidates;

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

/* Requests the names that the candidates need; they begin like the rest of the line, after `at` bytes: of the
 * filter or the command line. */
void completion_request(struct app *app, bool filter, const struct candidates *c, size_t at);

/* Add the step that requests the names, and take its answer. */
void completion_ask(const struct completion *completion, struct batch *b);
void completion_answered(struct app *app, const struct batch *b);

#endif
