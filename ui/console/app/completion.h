/*
 * Completion of a line after `:`: verbs, their options and the values of these from the tables of the verbs,
 * names from the database. Names are asked for when Tab is pressed and offered when the answer comes, if the
 * line is still the same.
 */
#ifndef UI_CONSOLE_APP_COMPLETION_H
#define UI_CONSOLE_APP_COMPLETION_H

#include <stddef.h>

struct app;
struct batch;

enum names { NAMES_NONE, NAMES_POOLS, NAMES_PROJECTS, NAMES_ORGS, NAMES_KEYS, NAMES_VALUES };

/* The names that are asked for. */
struct completion {
	enum names names;
	char *line; /* as it was */
	size_t at;  /* bytes of it before the name */
	char *key;  /* of NAMES_VALUES: the label's */
};

void completion_release(struct completion *completion);

/* Completes the line of app->command, or asks for what it can be completed with. */
void completion_open(struct app *app);

/* Adds the step that asks for the names, and takes its answer. */
void completion_ask(const struct completion *completion, struct batch *b);
void completion_answered(struct app *app, const struct batch *b);

#endif
