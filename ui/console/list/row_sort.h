/*
 * Sorting of rows that are all loaded, by one of their members.
 */
#ifndef UI_CONSOLE_LIST_ROW_SORT_H
#define UI_CONSOLE_LIST_ROW_SORT_H

#include <stdbool.h>
#include <stddef.h>

struct field;

/* Sorts by a member, or with NULL keeps the order; with `falls` the greatest comes first, and without a
 * member the last one. Texts are compared without case. Rows without a value are last both ways; equal rows
 * keep their order. */
void rows_sort(const struct field *field, bool falls, const void **rows, size_t count);

#endif
