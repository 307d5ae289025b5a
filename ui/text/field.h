/*
 * A member of a row as text, by its type: the one place where the types of db/batch/rows.h become what people
 * and programs read.
 *
 * A member has four forms.  Programs get the exact one, in CSV and JSON.  People get a form with whole dates
 * in tables of the command line, a short form that depends on the clock in lists of the console, and a full
 * form with both in its details.  None is made safe.
 */
#ifndef UI_TEXT_FIELD_H
#define UI_TEXT_FIELD_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct field;
struct json;

/* Appends the exact value; returns false and appends nothing for NULL. */
bool field_exact(const struct field *field, const void *row, struct buf *out);

/* Puts the exact value as a JSON value. */
void field_json(const struct field *field, const void *row, struct json *j);

/* Appends the value for a table: "yes", "2026-07-13T02:14:00Z", every digit. Appends nothing for NULL and {}.
 */
void field_show(const struct field *field, const void *row, struct buf *out);

/* Appends the value for a list: "yes", "3d ago", "1.9M", "owner=ci tier=shared". */
void field_short(const struct field *field, const void *row, int64_t now, struct buf *out);

/* Appends the value for a detail: "yes", "2026-07-13 02:14 UTC  3d ago", "1 900 000". Appends nothing for
 * NULL. */
void field_full(const struct field *field, const void *row, int64_t now, struct buf *out);

/* Returns whether the type is a number, which columns have flush right. */
bool field_is_number(const struct field *field);

#endif
