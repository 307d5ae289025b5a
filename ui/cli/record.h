/*
 * One thing that is more than a row: an object put together from rows, single
 * members and lists, which prints itself in any format.
 *
 *     struct doc *doc = doc_new();
 *     doc_row(doc, &lease_shape, lease);
 *     doc_list(doc, "history", &event_shape, rows_of_step(b, history));
 *     ...
 *     bool ok = doc_print(doc, &run->sink, err);
 *
 * As JSON it is an object, its members in the order added; as CSV one row, with
 * nested values as JSON text; as a table lines of "name  value", then each list
 * as a table of its own under its name, an empty one as "-".  In brief it is the
 * brief columns of its rows, or where there are none "name value, name value".
 */
#ifndef UI_CLI_RECORD_H
#define UI_CLI_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/cli/output.h"

struct doc;

struct doc *doc_new(void) __attribute__((returns_nonnull));
void doc_free(struct doc *doc); /* takes NULL */

/* Every column of the row. */
void doc_row(struct doc *doc, const struct shape *shape, const void *row);

/* Single members. */
void doc_text(struct doc *doc, const char *name, const char *text); /* NULL: null */
void doc_int(struct doc *doc, const char *name, int64_t number);
void doc_real(struct doc *doc, const char *name, double number);
void doc_bool(struct doc *doc, const char *name, bool flag);
void doc_time(struct doc *doc, const char *name, int64_t time);    /* TIME_NONE: null */
void doc_id(struct doc *doc, const char *name, struct id id);      /* nil: null */
void doc_raw(struct doc *doc, const char *name, const char *json); /* a JSON value; NULL: null */
void doc_show(struct doc *doc, const char *name, const char *json, const char *show); /* `show` in tables */

/* A member that is an array of objects. */
void doc_list(struct doc *doc, const char *name, const struct shape *shape, struct rows rows);

/* Prints the object and frees it. */
bool doc_print(struct doc *doc, const struct sink *sink, struct err *err) __attribute__((warn_unused_result));

#endif
