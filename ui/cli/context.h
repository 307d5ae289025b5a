/*
 * What the record keeps about a change beside the database's own user: the
 * operating system's user, the host, and the reason given.
 */
#ifndef UI_CLI_CONTEXT_H
#define UI_CLI_CONTEXT_H

#include <stdbool.h>

struct args;
struct err;

/* One JSON object, for the caller to free. `reason` may be NULL. */
char *context_text(const char *reason) __attribute__((returns_nonnull, warn_unused_result));

/* The same with --reason, once it has been found good. */
bool context_read(const struct args *args, char **detail, struct err *err)
    __attribute__((warn_unused_result));

#endif
