/*
 * One question to several databases: copies of a batch, and their answers as one.
 */
#ifndef DB_BATCH_GATHER_H
#define DB_BATCH_GATHER_H

#include <stddef.h>

struct batch;

/* Returns a batch with the same steps and without answers. */
struct batch *batch_copy(const struct batch *b) __attribute__((returns_nonnull));

/* Gives each step the rows of all parts, in their order. The parts are copies of the batch, NULL for one
 * without an answer; they and the array must stay as long as the rows are read. */
void batch_gather(struct batch *b, struct batch *const *parts, size_t count);

/* Returns the index of the part that a gathered row is from. */
size_t batch_origin(const struct batch *b, size_t step, size_t row);

#endif
