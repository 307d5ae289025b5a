/*
 * The filter: the text after `/`.
 *
 * Rows with fields have the whole language of model/syntax/filter.h. On others the text is one word, which is
 * searched in their names; a `!` as its first character inverts it.
 */
#ifndef UI_CONSOLE_LIST_FILTER_H
#define UI_CONSOLE_LIST_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/syntax/filter.h"
#include "model/syntax/selector.h"

struct buf;
struct err;
struct question;
struct view;

struct filter {
	char *word; /* "" for none; owned */
	bool invert;
	struct row_filter fields; /* of a view with fields, in place of the others */
};

/* Reads the filter; else the error is a short ERR_INVALID_INPUT, and *wrong is the number of characters
 * before the wrong part. */
bool filter_read(const char *text, const struct view *view, struct filter *out, size_t *wrong,
    struct err *err) __attribute__((warn_unused_result));
void filter_release(struct filter *filter);

/* Puts the filter into a question, which borrows it. */
void filter_put(const struct filter *filter, struct question *q);

/* Returns the syntax of the filters of a view, in one line. */
const char *filter_help(const struct view *view);

/* Appends a selector as the part of a filter that means the same on the view's rows. False if there is none:
 * a key alone is a word there, and a key with an operator may be a field. */
bool filter_of_selector(const struct view *view, const char *text, const struct selector *selector,
    struct buf *out) __attribute__((warn_unused_result));

#endif
