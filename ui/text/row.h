/*
 * The members of any row, by the row tables of db/batch/rows.h, and lists of rows that something else holds.
 */
#ifndef UI_TEXT_ROW_H
#define UI_TEXT_ROW_H

#include <stdbool.h>
#include <stddef.h>

struct field;
struct row_type;

/* A list of rows that something else holds. */
struct rows {
	const void *(*at)(const struct rows *rows, size_t index);
	const void *from;
	size_t step; /* what at() needs: the size of a row, or the step of a batch */
	size_t count;
};

/* Returns the rows of an array. For those of a batch's answer see rows_of_step() in ui/cli/run.h. */
struct rows rows_of_array(const void *rows, size_t size, size_t count);

/* Returns where a member is in a row; and the text of a member that is text or JSON: borrowed, "" for NULL.
 */
const void *row_member(const struct field *field, const void *row) __attribute__((returns_nonnull));
const char *row_text(const struct field *field, const void *row) __attribute__((returns_nonnull));

/* Returns whether one of these members, whose names NULL ends, differs between two rows: texts, JSON,
 * numbers, times, counts and enums. */
bool row_differs(const struct row_type *type, const char *const *names, const void *a, const void *b);

#endif
