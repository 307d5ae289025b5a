/*
 * The options of `dedupe check` and `dedupe fix`.
 */
#ifndef UI_VERBS_DEDUPE_H
#define UI_VERBS_DEDUPE_H

#include <stdbool.h>

struct args;
struct buf;
struct err;

/* Appends the options that name a table and its keys as the server reads them; nothing without --table. */
bool dedupe_read(const struct args *args, struct buf *ask, struct err *err)
    __attribute__((warn_unused_result));

/* Does the same with the options as they are typed after one of both verbs. */
bool dedupe_read_words(const char *verb, const char *words, struct buf *ask, struct err *err)
    __attribute__((warn_unused_result));

#endif
