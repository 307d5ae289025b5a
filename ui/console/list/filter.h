/*
 * The filter: the text after `/`, in the language of model/syntax/filter.h.
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

/* Reads the filter; else the error is a short ERR_INVALID_INPUT, and *wrong is the number of characters
 * before the wrong part. */
bool filter_read(const char *text, const struct view *view, struct row_filter *out, size_t *wrong,
    struct err *err) __attribute__((warn_unused_result));

/* Returns the syntax of the filters of a view, in one line. */
const char *filter_help(const struct view *view);

/* Appends a selector as the part of a filter that means the same on the view's rows. False if there is none:
 * a key alone is a word there, and a key with an operator may be a field. */
bool filter_of_selector(const struct view *view, const char *text, const struct selector *selector,
    struct buf *out) __attribute__((warn_unused_result));

/* Keeps the rows that match the filter of a question, where the rows are loaded, in their order: by the
 * members that the view names for the fields; a word is in a text of the row or in a cell. Returns their
 * number; the others are moved behind them. */
size_t loaded_filter(const struct question *q, const void **rows, size_t count);

#endif
