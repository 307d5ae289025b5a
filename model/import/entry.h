/*
 * The verdict on one row of a file: what is sent of it, or why it is refused.
 */
#ifndef MODEL_IMPORT_ENTRY_H
#define MODEL_IMPORT_ENTRY_H

#include <stdbool.h>

struct err;
struct import_entry;
struct import_file;
struct import_row;
struct json;
struct range;

/* Completes the entry of a row: its value or range, and its members in JSON or its error. A row that is
 * skipped is read as far as its value, which may replace an earlier one. */
void entry_read(struct import_file *file, struct import_entry *entry, struct import_row *row);

/* Read the members of a lease or range, and write them; `range` is what it holds. An error names the column.
 */
bool entry_lease(const struct import_row *row, const struct range *range, struct json *j, struct err *err)
    __attribute__((warn_unused_result));
bool entry_range(const struct import_row *row, const struct range *range, struct json *j, struct err *err)
    __attribute__((warn_unused_result));

/* Read the value of a lease or the range of a resource. */
bool entry_value(const struct import_row *row, struct range *range, struct err *err)
    __attribute__((warn_unused_result));
bool entry_place(const struct import_row *row, struct range *range, struct err *err)
    __attribute__((warn_unused_result));

/* Writes the member `labels`: a=b;c=d, or a JSON object. */
bool entry_labels(const struct import_row *row, struct json *j, struct err *err)
    __attribute__((warn_unused_result));

/* Returns the space of a row, "global" when it has none. */
const char *entry_space(const struct import_row *row);

#endif
