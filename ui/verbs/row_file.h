/*
 * A file of rows, written as the answers of the command line are: CSV, JSON or a table, by the end of its
 * name.
 */
#ifndef UI_VERBS_ROW_FILE_H
#define UI_VERBS_ROW_FILE_H

#include <stdbool.h>

struct err;
struct row_file;
struct shape;

/* Creates the file NAME.csv, NAME.json or NAME.txt; "~/" begins at the home. An existing file is only
 * replaced with `replace`. NULL: err says why. */
struct row_file *row_file_new(const char *name, bool replace, const struct shape *shape, bool ascii,
    struct err *err) __attribute__((warn_unused_result));

void row_file_add(struct row_file *file, const void *row);

/* Ends and frees it; on failure the file is removed. */
bool row_file_end(struct row_file *file, struct err *err) __attribute__((warn_unused_result));

/* Frees it and removes the file; takes NULL. */
void row_file_drop(struct row_file *file);

#endif
