/*
 * The layouts of files: which columns a program writes, and what they are in berth's words.
 *
 * A layout is a table of columns, and a function that looks at the row as a whole: its status, or a range
 * that stands in two cells. A format is a list of layouts, of which the header of a file chooses one.
 */
#ifndef MODEL_IMPORT_LAYOUT_H
#define MODEL_IMPORT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/import/row.h"

struct buf;
struct err;

enum import_what { IMPORT_RANGES, IMPORT_LEASES };

#define LAYOUT_TITLES 3

struct layout_column {
	enum import_cell cell;
	bool needed;
	const char *titles[LAYOUT_TITLES]; /* its spellings in the versions of the program; NULL: no more */
	/* Appends the text in berth's words; NULL: as it is. */
	bool (*convert)(const char *text, struct buf *out, struct err *err);
};

/* The columns of a file. The first one of a cell that is not blank counts. */
struct layout {
	enum import_what what;
	const struct layout_column *columns; /* ended by one without titles */
	const char *unless;                  /* a column that a file of this layout does not have, or NULL */
	const char *const *ignored;          /* columns without meaning, ended by NULL. NULL: all others */
	size_t most;   /* cells of a row, which can have more than an old header; 0: as many as the header */
	bool bare;     /* the program never quotes */
	bool headless; /* there is no header: the columns stand in this order */
	bool log;      /* a later row of a value replaces the earlier one */
	bool nested;   /* ranges lie in ranges, and the innermost ones count */
	bool (*finish)(struct import_row *row); /* false: row->wrong is set; NULL */
};

/* The layouts of each format, ended by NULL. */
extern const struct layout *const own_layouts[];
extern const struct layout *const netbox_layouts[];
extern const struct layout *const phpipam_layouts[];
extern const struct layout *const kea_layouts[];
extern const struct layout *const nipap_layouts[];

/* Conversions that several layouts use: a prefix, which has a length, an address without one, the number of a
 * VLAN, text without the entities of HTML. */
bool convert_prefix(const char *text, struct buf *out, struct err *err);
bool convert_address(const char *text, struct buf *out, struct err *err);
bool convert_vlan(const char *text, struct buf *out, struct err *err);
bool convert_html(const char *text, struct buf *out, struct err *err);

/* Names the pool of a range after its space and its range, "blue-10.0.0.0-24", unless it has a name. */
void layout_name_pool(struct import_row *row);

/* Names the pool, and for ranges the space, of a VLAN after its group. */
void layout_name_vlans(struct import_row *row, enum import_what what);

#endif
