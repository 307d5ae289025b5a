/*
 * The answer to an import, put together from the answers to its steps: a large file is imported in several.
 */
#ifndef UI_VERBS_IMPORT_REPORT_H
#define UI_VERBS_IMPORT_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/import/layout.h"

struct err;
struct run;

/* `struct import_report r = {.what = ...}` is empty. */
struct import_report {
	enum import_what what;
	int64_t imported;
	int64_t replayed;
	int64_t differs;
	int64_t differing; /* line of the first one; 0 for none */
	json_t *rows;      /* the refused ones; NULL for none */
};

/* Adds the answer to one step, a JSON document. */
bool report_take(struct import_report *report, const char *document, struct err *err)
    __attribute__((warn_unused_result));

/* Prints the report and its notes, sets the exit code, and releases it. */
bool report_print(struct import_report *report, struct run *run, struct err *err)
    __attribute__((warn_unused_result));

void report_release(struct import_report *report);

#endif
