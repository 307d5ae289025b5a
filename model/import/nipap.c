#include "model/import/layout.h"

#include <string.h>

/* The CSV of NIPAP's example script has no header. A host stands there with the mask of its network. */

/* Reads the route target of a VRF as the name of a space, in which ":" cannot be. */
static bool convert_target(const char *text, struct buf *out, struct err *err) {
	(void)err;
	for (; *text != '\0'; text++) {
		buf_char(out, *text == ':' ? '-' : *text);
	}
	return true;
}

static const struct layout_column lease_columns[] = {
    {CELL_SPACE, true, {"VRF"}, convert_target},
    {CELL_VALUE, true, {"prefix"}, NULL},
    {CELL_TYPE, true, {"type"}, NULL},
    {CELL_HOLDER, true, {"node"}, NULL},
    {CELL_LAST, true, {"order"}, NULL},
    {CELL_LAST, true, {"customer"}, NULL},
    {CELL_HOLDER, true, {"description"}, NULL},
    {0},
};

static const struct layout_column range_columns[] = {
    {CELL_SPACE, true, {"VRF"}, convert_target},
    {CELL_RANGE, true, {"prefix"}, convert_prefix},
    {CELL_TYPE, true, {"type"}, NULL},
    {CELL_HOLDER, true, {"node"}, NULL},
    {CELL_LAST, true, {"order"}, NULL},
    {CELL_LAST, true, {"customer"}, NULL},
    {CELL_HOLDER, true, {"description"}, NULL},
    {0},
};

/* Skips rows of the other types, whose prefix `cell` has: one of a network is a range, one of a host a lease.
 */
static bool read_type(struct import_row *row, const char *wanted, enum import_cell cell) {
	static const char *const types[] = {"reservation", "assignment", "host", NULL};
	const char *type = row_cell(row, CELL_TYPE);

	for (size_t i = 0; types[i] != NULL; i++) {
		if (strcmp(type, types[i]) == 0) {
			row->skip = strcmp(type, wanted) == 0 ? NULL : types[i];
			if (row->skip != NULL) {
				row_put(row, cell, "", 0);
			}
			return true;
		}
	}
	return row_refuse(row, CELL_TYPE, "is no type of a prefix");
}

static bool finish_lease(struct import_row *row) {
	struct buf address = {0};
	bool ok = read_type(row, "host", CELL_VALUE);

	if (ok && row->skip == NULL) {
		ok = convert_address(row_cell(row, CELL_VALUE), &address, &row->wrong) ||
		     row_blame(row, CELL_VALUE, &row->wrong);
		row_put(row, CELL_VALUE, buf_text(&address), address.len);
	}
	buf_release(&address);
	return ok;
}

static bool finish_range(struct import_row *row) {
	layout_name_pool(row);
	return read_type(row, "assignment", CELL_RANGE);
}

static const struct layout leases = {
    .what = IMPORT_LEASES, .columns = lease_columns, .headless = true, .finish = finish_lease};
static const struct layout ranges = {
    .what = IMPORT_RANGES, .columns = range_columns, .headless = true, .finish = finish_range};

const struct layout *const nipap_layouts[] = {&leases, &ranges, NULL};
