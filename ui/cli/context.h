/*
 * The context of a change in the history, beside the database user: the user of the operating system, the
 * host, and the given reason.
 */
#ifndef UI_CLI_CONTEXT_H
#define UI_CLI_CONTEXT_H

#include <stdbool.h>

struct args;
struct err;

/* Returns it as one JSON object, owned by the caller. `reason` may be NULL. */
char *context_text(const char *reason) __attribute__((returns_nonnull, warn_unused_result));

/* Reads --reason and returns the context with it. */
bool context_read(const struct args *args, char **detail, struct err *err)
    __attribute__((warn_unused_result));

#endif
