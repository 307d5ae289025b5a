/*
 * Completion of the last term of a filter: the fields of the rows, and the words of a field that has words.
 */
#ifndef UI_CONSOLE_APP_FILTER_COMPLETION_H
#define UI_CONSOLE_APP_FILTER_COMPLETION_H

struct app;

/* Completes the filter that is typed after `/`. */
void filter_complete(struct app *app);

#endif
