/*
 * Reading what a person names: a file, or standard input as "-".
 */
#ifndef UI_VERBS_PARSE_FILE_H
#define UI_VERBS_PARSE_FILE_H

#include <stdbool.h>

struct buf;
struct err;

/* All of it, appended. What cannot be read is ERR_INVALID_INPUT (exit 2), as is more than 1 GiB. */
bool file_read(const char *path, struct buf *out, struct err *err) __attribute__((warn_unused_result));

#endif
