/*
 * The file of `pool import`: CSV with a header, one range a line.
 *
 *     pool,kind,range[,space,labels]      in any order; labels as a=b;c=d are the resource's
 *
 * It is read whole before anything is sent, so that a slip in the last line
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

/* Writes the rows in the server's form, a JSON array. A line that is not right is
 * an error with its line; with `skip` it goes along instead, marked with its
 * error, so that it is reported with those that the server refuses. */
bool import_read(const char *text, size_t n, bool skip, struct buf *rows, struct err *err)
    __attribute__((warn_unused_result));

/* Adds the step that imports such rows: one struct document,
 * {"imported", "replayed", "differs", "differing", "refused", "rows": [{"line", "pool", "range", "error"}]}.
 * `differs` counts those of the replayed that have other labels than the rows; `differing` is the line of the
 * first, or null. */
size_t import_add(struct batch *b, struct id id, const char *rows, bool skip, const char *detail);

#endif
