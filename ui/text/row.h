/*
 * Rows that outlive the batch that brought them.
 *
 * A list shows rows for as long as the operator looks at them, also after the
 * connection is lost; a batch lives for one answer.  The row tables of
 * db/batch/rows.h say where a struct keeps its texts, so that one function copies any
 * row, into one block; and where it keeps all else, so that a name is enough to
 * show a member.
 */
#ifndef UI_TEXT_ROW_H
#define UI_TEXT_ROW_H

#include <stdbool.h>

struct field;
struct row_type;

/* Where a member is in a row; and what it says, of one that is text or JSON: borrowed, "" for NULL. */
const void *row_member(const struct field *field, const void *row) __attribute__((returns_nonnull));
const char *row_text(const struct field *field, const void *row) __attribute__((returns_nonnull));

/* Whether one of these members, whose names NULL ends, differs between two rows: texts, JSON, numbers, times,
 * counts and enums. */
bool row_differs(const struct row_type *type, const char *const *names, const void *a, const void *b);

/* A copy in one block, to be freed with free(). */
void *row_copy(const struct row_type *type, const void *row)
    __attribute__((returns_nonnull, warn_unused_result));

#endif
