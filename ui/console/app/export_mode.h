/*
 * Writes all rows of the screen into a file, with its scope, filter and sort: `:export FILE`. A window is
 * read whenever nothing else is to be sent, so that the console goes on meanwhile; Ctrl-C ends it.
 */
#ifndef UI_CONSOLE_APP_EXPORT_MODE_H
#define UI_CONSOLE_APP_EXPORT_MODE_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/console/list/filter.h"
#include "ui/console/list/walk.h"

struct app;
struct batch;
struct err;
struct in_flight;
struct row_file;

/* `struct export_mode e = {0}` writes nothing. */
struct export_mode {
	struct row_file *file; /* NULL: nothing is being written */
	char *name;
	struct walk walk;
	struct row_filter filter;
	struct scope scope;
	size_t rows;
};

/* Begins. */
bool export_mode_open(struct app *app, const char *name, bool replace, struct err *err)
    __attribute__((warn_unused_result));

bool export_mode_due(const struct app *app);

/* Returns the batch of the next window, to be run and freed by the caller. */
struct batch *export_mode_start(struct app *app, struct in_flight *in_flight)
    __attribute__((returns_nonnull));

/* Take the answer, or the error in its place. */
void export_mode_answered(struct app *app, const struct batch *b);
void export_mode_failed(struct app *app, const struct err *err);

/* Drops the file, if one is being written. */
void export_mode_release(struct export_mode *export);

#endif
