/*
 * Completion of the last term of a filter: the fields of the rows, and the words of a field that has words.
 */
#ifndef UI_CONSOLE_APP_FILTER_COMPLETION_H
#define UI_CONSOLE_APP_FILTER_COMPLETION_H

#include <stddef.h>

#include "model/syntax/filter.h"

struct app;
struct match;
struct verb;

/* Completes the filter that is typed after `/`. */
void filter_complete(struct app *app);

/* Completes a filter that begins after `at` bytes of the command line. */
void filter_complete_word(struct app *app, enum filter_rows rows, size_t at);

/* Returns the rows of the list that a verb prints; FILTER_NONE for a verb without a filter. */
enum filter_rows filter_rows_of(const struct verb *verb);

#endif
