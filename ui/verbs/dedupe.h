/*
 * The options of `dedupe check` and `dedupe fix`.
 */
#ifndef UI_VERBS_DEDUPE_H
#define UI_VERBS_DEDUPE_H

#include <stdbool.h>

struct args;
struct buf;
struct err;

/* Appends the options that name a table and its keys in the form that the server reads; nothing without
 * --table. */
bool dedupe_read(const struct args *args, struct buf *ask, struct err *err)
    __attribute__((warn_unused_result));

/* Does the same with options as typed after one of the two verbs. */
bool dedupe_read_words(const char *verb, const char *words, struct buf *ask, struct err *err)
    __attribute__((warn_unused_result));

#endif
