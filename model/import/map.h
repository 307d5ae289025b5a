/*
 * The columns that --map names: "value=Address,holder=Host name", in berth's words on the left.
 */
#ifndef MODEL_IMPORT_MAP_H
#define MODEL_IMPORT_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct import_ask;
struct layout_column;

/* Reads ask->map. The columns and `text`, which their titles point into, are the caller's to free. */
bool map_read(const struct import_ask *ask, char **text, struct layout_column **columns, size_t *count,
    struct err *err) __attribute__((warn_unused_result));

#endif
