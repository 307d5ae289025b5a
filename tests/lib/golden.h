/*
 * Golden files: screens drawn without a terminal, compared as text and styles with files in
 * tests/console/golden/. BERTH_GOLDEN=write replaces the files.
 */
#ifndef TESTS_LIB_GOLDEN_H
#define TESTS_LIB_GOLDEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/clock.h"
#include "db/base/id.h"

struct app;
struct lease;
struct row_type;
struct view;
struct rowset;

#define GOLDEN_HOUR (3600 * TIME_SECOND)
#define GOLDEN_DAY (24 * GOLDEN_HOUR)
#define GOLDEN_NOW (INT64_C(1787407402) * TIME_SECOND) /* 2026-08-22 14:03:22 UTC */
#define GOLDEN_STEADY (1000 * TIME_SECOND)

/* Returns an id that is easy to read. */
struct id golden_id(unsigned n);

/* Returns an active lease of a number, one day old and without an end. */
struct lease golden_lease(unsigned n, const char *pool, const char *holder);

/* Starts a console that is connected and has no data. */
void golden_start(struct app *app, bool ascii);

/* Answers the questions of a view with an array of rows, from now on. total -1: unknown. */
void golden_fill(struct app *app, const struct view *view, const void *rows, size_t count, int64_t total);

/* Sets the state of the list shown to that after a refresh with the same answer. */
void golden_settle(struct app *app);

/* Types keys on a screen of 80 columns. */
void golden_type(struct app *app, const char *text);

/* Compares a screen with its golden file; golden_all() at 80x24, 120x40, 44x12, 1x1 and 200x50. */
void golden(struct app *app, const char *name, int rows, int columns);
void golden_all(struct app *app, const char *name);

/* Compares a dialog with its golden file, which has all of these sizes, each in UTF-8 and in ASCII, where
 * only the text is repeated unless the styles differ. */
void golden_dialog(struct app *app, const char *name);

#endif
