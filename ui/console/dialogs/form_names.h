/*
 * The names in a form and the ids that they stood for when it was opened.
 *
 * A form is open for as long as somebody types. Its request is refused with ERR_CONFLICT when a name stands
 * for another pool, project or organization by then, as a plan is. A name that was typed over stands for
 * itself.
 */
#ifndef UI_CONSOLE_DIALOGS_FORM_NAMES_H
#define UI_CONSOLE_DIALOGS_FORM_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct batch;
struct form;

/* Notes the names that are in the fields. Their ids are nil. */
void form_names_note(struct form *form);

/* Returns whether an id is still unknown. */
bool form_names_unknown(const struct form *form);

/* Add the question for what the names stand for; take the answer of that step. */
void form_names_ask(const struct form *form, struct batch *b);
void form_names_take(struct form *form, const struct batch *b);

/* Adds the demand that the names still stand for the same, after the steps that they are in: what these have
 * found cannot have been another one before. */
void form_names_demand(const struct form *form, struct batch *b);

#endif
