/*
 * Rows that outlive the batch that brought them.
 *
 * A list shows rows for as long as the operator looks at them, also after the
 * connection is lost; a batch lives for one answer.  The row tables of
 * db/rows.h say where a struct keeps its texts, so that one function copies any
 * row, into one block.
 */
#ifndef UI_CONSOLE_ROW_H
#define UI_CONSOLE_ROW_H

#include <stdbool.h>

struct row_type;

/* A copy in one block, to be freed with free(). */
void *row_copy(const struct row_type *type, const void *row)
    __attribute__((returns_nonnull, warn_unused_result));

#endif
