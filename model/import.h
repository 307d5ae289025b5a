/*
 * The file of `pool import`: CSV with a header, one range a line.
 *
 *     pool,kind,range[,space,labels]      in any order; labels as a=b;c=d are the resource's
 *
 * The whole file is read before anything is sent, so that a mistake in the last line
 * changes nothing.
 */
#ifndef MODEL_IMPORT_H
#define MODEL_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/id.h"

struct batch;
struct buf;
struct err;

/* Writes the rows as the server reads them, a JSON array. A bad row is an error with its line; with `skip`
 * the row is sent with its error instead, and reported with those that the server refuses. */
bool import_read(const char *text, size_t n, bool skip, struct buf *rows, struct err *err)
    __attribute__((warn_unused_result));

/* Adds the step that imports such rows, and returns its index. The answer is one struct document,
 * {"imported", "replayed", "differs", "differing", "refused", "rows": [{"line", "pool", "range", "error"}]}.
 * `differs` counts the replayed rows whose resource has other labels; `differing` is the line of the first
 * one, or null. */
size_t import_add(struct batch *b, struct id id, const char *rows, bool skip, const char *detail);

#endif
