/*
 * Screens drawn without a terminal and compared with what they were: a plane of
 * text and planes of styles for each, in tests/console/golden/.
 * BERTH_GOLDEN=write writes them anew, to be read in the difference.
 */
#ifndef TESTS_LIB_GOLDEN_H
#define TESTS_LIB_GOLDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/clock.h"
#include "db/base/id.h"

struct app;
struct row_type;
struct view;
struct rowset;

#define GOLDEN_HOUR (3600 * TIME_SECOND)
#define GOLDEN_DAY (24 * GOLDEN_HOUR)
#define GOLDEN_NOW (INT64_C(1787407402) * TIME_SECOND) /* 2026-08-22 14:03:22 UTC */
#define GOLDEN_STEADY (1000 * TIME_SECOND)

/* Ids that are easy to read. */
struct id golden_id(unsigned n);

/* A console that is connected and has no data yet. */
void golden_start(struct app *app, bool ascii);

/* The answer that a view got: an array of rows. total -1: nobody has counted. */
void golden_fill(
    struct app *app, const struct view *view, const void *rows, size_t size, size_t count, int64_t total);

/* Copies into a set that is empty. */
void golden_set(struct rowset *set, const struct row_type *type, const void *rows, size_t size, size_t count);

/* Keys, as a person types them on a screen of 80 columns. */
void golden_type(struct app *app, const char *text);

/* Compares; at 80x24, 120x40, 44x12 and 1x1. */
void golden(struct app *app, const char *name, int rows, int columns);
void golden_all(struct app *app, const char *name);

#endif
