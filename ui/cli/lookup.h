/*
 * Finding a target in the database by its id or name.
 */
#ifndef UI_CLI_LOOKUP_H
#define UI_CLI_LOOKUP_H

#include <stdbool.h>

#include "db/base/id.h"
#include "model/syntax/target.h"

struct batch;
struct err;
struct run;

/* Parses a target and finds its kind and id; else `not_found`. */
bool lookup_target(struct run *run, const char *text, enum target_kind expected, enum target_kind *kind,
    struct id *id, struct err *err) __attribute__((warn_unused_result));

/* Finds a target of one kind and leaves its row in step 0 of the batch, which must be empty. */
bool lookup_row(struct run *run, const char *text, enum target_kind kind, struct batch *b, struct err *err)
    __attribute__((warn_unused_result));

/* Sets the error "KIND TEXT does not exist", with a hint. Returns false. */
bool lookup_not_found(enum target_kind kind, const char *text, struct err *err);

#endif
