/*
 * One thing that is more than a row: an object put together from rows, single members and lists, which prints
 * itself in any format.
 *
 *     struct record *record = record_new();
 *     record_row(record, &lease_shape, lease);
 *     record_list(record, "history", &event_shape, rows_of_step(b, history));
 *     ...
 *     bool ok = record_print(record, &run->sink, err);
 *
 * As JSON it is an object, its members in the order added.  As CSV it is one row, with nested values as JSON
 * text. As a table it is lines of "name  value", then each list as a table of its own under its name, an
 * empty one as
 * "-".  In brief it is the brief columns of its rows, or where there are none "name value, name value".
 */
#ifndef UI_CLI_RECORD_H
#define UI_CLI_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/cli/output.h"

struct record;

struct record *record_new(void) __attribute__((returns_nonnull));
void record_free(struct record *record); /* takes NULL */

/* Adds every column of the row. */
void record_row(struct record *record, const struct shape *shape, const void *row);

/* Adds a single member. */
void record_text(struct record *record, const char *name, const char *text); /* NULL: null */
void record_int(struct record *record, const char *name, int64_t number);
void record_bool(struct record *record, const char *name, bool flag);
void record_raw(struct record *record, const char *name, const char *json); /* a JSON value; NULL: null */

/* Adds a member that is a JSON value and that tables show as another text. */
void record_show(struct record *record, const char *name, const char *json, const char *show);

/* Adds a member that is an array of objects. */
void record_list(struct record *record, const char *name, const struct shape *shape, struct rows rows);

/* Prints the object and frees it. */
bool record_print(struct record *record, const struct sink *sink, struct err *err)
    __attribute__((warn_unused_result));

#endif
