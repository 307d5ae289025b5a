/*
 * A row as the command line prints it with --json, so that what is copied from
 * the console and what a script reads are one thing.
 */
#ifndef UI_TEXT_ROW_JSON_H
#define UI_TEXT_ROW_JSON_H

struct buf;
struct row_type;

/* Appends the object; of a type that the console has no view of, nothing. */
void row_json(const struct row_type *type, const void *row, struct buf *out);

#endif
