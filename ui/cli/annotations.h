/*
 * The annotations of an object, as a part of the answer about it or as the answer.
 */
#ifndef UI_CLI_ANNOTATIONS_H
#define UI_CLI_ANNOTATIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/syntax/target.h"

struct batch;
struct record;
struct err;
struct run;
struct shape;

/* Adds the member `annotations`, from the answer of model/metadata.h in that step. */
void annotations_put(struct record *record, const struct batch *b, size_t step);

/* The parts of a verb that shows the object of that kind, named by the operand, with its annotations. */
bool annotations_look(struct run *run, enum target_kind kind, struct batch *b, struct err *err)
    __attribute__((warn_unused_result));
bool annotations_add(struct run *run, enum target_kind kind, struct batch *b, struct err *err)
    __attribute__((warn_unused_result));
bool annotations_answer(struct run *run, enum target_kind kind, const struct shape *shape,
    const struct batch *b, struct err *err) __attribute__((warn_unused_result));

/* Prints the answer of such a step alone: {"prefix/name": "value"}; a table has a line for each. */
bool annotations_print(struct run *run, const struct batch *b, size_t step, struct err *err)
    __attribute__((warn_unused_result));

#endif
