/*
 * The rows of a file, one after the other, read with the layout that its header chooses.
 */
#ifndef MODEL_IMPORT_SOURCE_H
#define MODEL_IMPORT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/import/dhcpd.h"
#include "model/import/layout.h"
#include "model/text/csv.h"

struct err;
struct import_ask;

struct source {
	const struct import_ask *ask;
	const struct layout *layout;
	struct layout_column *columns; /* those of --map, then those of the layout */
	size_t count;                  /* of columns */
	size_t *places;                /* of each column in a row of the file */
	char **titles;                 /* of each column, as the file writes them */
	size_t width;                  /* cells of the header */
	struct csv csv;
	bool is_plain; /* errors do not name the columns of berth's ranges */
	bool is_dhcpd;
	struct dhcpd dhcpd;
	char *map; /* the names of --map, cut apart */
};

/* The n bytes at text are borrowed until source_release(), which is also called after an error. */
bool source_open(struct source *s, const struct import_ask *ask, const char *text, size_t n, struct err *err)
    __attribute__((warn_unused_result));
void source_release(struct source *s);

/* Reads the next row; at the end its line is 0. A row that is refused has its error in `wrong`; false is an
 * error of the whole file. */
bool source_next(struct source *s, struct import_row *row, struct err *err)
    __attribute__((warn_unused_result));

#endif
