/*
 * Finding a target in the database by its id or name.
 */
#ifndef UI_CLI_LOOKUP_H
#define UI_CLI_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/id.h"
#include "model/syntax/target.h"

struct batch;
struct err;
struct run;

/* Parses a target and adds the step that finds it, which is answered with its row or nothing. */
bool lookup_add(struct batch *b, const char *text, enum target_kind expected, struct err *err)
    __attribute__((warn_unused_result));

/* Reads the answer of that step of run->found: the target's kind and id, else `not_found`. */
bool lookup_found(const struct run *run, size_t step, const char *text, enum target_kind expected,
    enum target_kind *kind, struct id *id, struct err *err) __attribute__((warn_unused_result));

/* Sets the error "KIND TEXT does not exist", with a hint. Returns false. */
bool lookup_not_found(enum target_kind kind, const char *text, struct err *err);

#endif
