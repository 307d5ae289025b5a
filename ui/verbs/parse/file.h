/*
 * Reading an input that the user names: a file, or "-" for standard input.
 */
#ifndef UI_VERBS_PARSE_FILE_H
#define UI_VERBS_PARSE_FILE_H

#include <stdbool.h>

struct buf;
struct err;

/* Appends the whole input. An unreadable input, or more than 1 GiB, is ERR_INVALID_INPUT (exit 2). */
bool file_read(const char *path, struct buf *out, struct err *err) __attribute__((warn_unused_result));

#endif
