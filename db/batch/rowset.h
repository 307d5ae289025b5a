/*
 * Copies of rows that outlive the batch that brought them.
 *
 * A batch lives for one answer, and a list shows rows for as long as the operator looks at them, also after
 * the connection is lost.  The row tables of db/batch/rows.h say where a struct keeps its texts, so that one
 * function copies any row, into one block.
 */
#ifndef DB_BATCH_ROWSET_H
#define DB_BATCH_ROWSET_H

#include <stddef.h>

struct batch;
struct row_type;

/* Returns a copy in one block, to be freed with free(). */
void *row_copy(const struct row_type *type, const void *row)
    __attribute__((returns_nonnull, warn_unused_result));

/* Copies of rows of one type. `struct rowset set = {0}` is empty. */
struct rowset {
	void **rows;
	size_t count;
};

/* Copies the rows that a step was answered with, in place of those that the set had. */
void rowset_take(struct rowset *set, const struct row_type *type, const struct batch *b, size_t step);

/* Copies an array of rows of the type's size into an empty set. */
void rowset_copy(struct rowset *set, const struct row_type *type, const void *rows, size_t count);

void rowset_release(struct rowset *set);

#endif
