/*
 * The filter: the text after `/`.
 *
 * A bare word is searched in the names of a row and in the keys and values of its labels. A text with an
 * operator, one of = == != > < ! , or `in (` or `notin (`, is a selector of labels, as `-l` takes it
 * (model/syntax/selector.h). A `!` as the very first character inverts everything after it, a word or a
 * selector; after a blank it belongs to the selector.
 *
 * Rows without labels have no selectors: any text is a word there.
 */
#ifndef UI_CONSOLE_LIST_FILTER_H
#define UI_CONSOLE_LIST_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/syntax/selector.h"

struct err;

struct filter {
	char *word;  /* "" for none; owned */
	bool labels; /* the text is a selector */
	struct selector selector;
	bool invert;
};

/* Reads the filter; else the error is a short ERR_INVALID_INPUT, and *wrong is the number of characters
 * before the wrong part. */
bool filter_read(const char *text, bool labelled, struct filter *out, size_t *wrong, struct err *err)
    __attribute__((warn_unused_result));
void filter_release(struct filter *filter);

#endif
