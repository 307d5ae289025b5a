/*
 * What is typed behind `/`.
 *
 * A bare word is looked for in what a row is called and in the keys and values
 * of its labels.  With an operator, one of = == != > < ! , or `in (` or `notin (`,
 * it is a selector of labels, as `-l` takes it (model/syntax/selector.h).  A `!` that is
 * the very first character inverts all that follows, a word as well as a
 * selector; behind a blank it is the selector's own.
 *
 * Rows without labels have no selectors: there everything is a word.
 */
#ifndef UI_CONSOLE_LIST_FILTER_H
#define UI_CONSOLE_LIST_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/syntax/selector.h"

struct err;

struct filter {
	char *word;  /* "" for none; owned */
	bool labels; /* it is a selector */
	struct selector selector;
	bool invert;
};

/* Reads it; else ERR_INVALID_INPUT in a few words, and *wrong is how many characters of the text stand
 * before what is. */
bool filter_read(const char *text, bool labelled, struct filter *out, size_t *wrong, struct err *err)
    __attribute__((warn_unused_result));
void filter_release(struct filter *filter);

#endif
