#include "model/import/layout.h"

#include <string.h>

#include "model/syntax/value.h"

static const struct layout_column range_columns[] = {
    {CELL_POOL, true, {"pool"}, NULL},
    {CELL_KIND, false, {"kind"}, NULL},
    {CELL_RANGE, true, {"range", "name"}, NULL},
    {CELL_SPACE, false, {"space"}, NULL},
    {CELL_LABELS, false, {"labels"}, NULL},
    {CELL_EXCLUDE, false, {"exclude"}, NULL},
    {CELL_UNIT, false, {"unit"}, NULL},
    {CELL_LAST, false, {"last"}, NULL},
    {0},
};

static const struct layout_column lease_columns[] = {
    {CELL_POOL, false, {"pool"}, NULL}, /* unless there is a space, see source.c */
    {CELL_VALUE, true, {"value"}, NULL},
    {CELL_SPACE, false, {"space"}, NULL},
    {CELL_HOLDER, false, {"holder"}, NULL},
    {CELL_PROJECT, false, {"project"}, NULL},
    {CELL_UNTIL, false, {"until"}, NULL},
    {CELL_CREATED, false, {"created"}, NULL},
    {CELL_LABELS, false, {"labels"}, NULL},
    {CELL_ID, false, {"id"}, NULL},
    {CELL_STATE, false, {"state"}, NULL},
    {0},
};

/* The other columns that `resource list` and `lease list` export. */
static const char *const resource_extra[] = {"id", "first", "capacity", "used", "held_back", "free", "state",
    "cordoned", "generation", "created", "addresses", NULL};
static const char *const lease_extra[] = {"kind", "resource", "priority", "acquired", "activated", "released",
    "destroyed", "generation", "created_by", "first", "last", NULL};

/* Completes the range of an exported host, whose name lacks the number of slots. */
static bool finish_range(struct import_row *row) {
	const char *range = row_cell(row, CELL_RANGE);
	const char *last = row_cell(row, CELL_LAST);
	enum kind kind;

	if (last[0] != '\0' && strchr(range, ':') == NULL && value_guess_kind(range, &kind) &&
	    kind == KIND_HOST) {
		struct buf whole = {0};

		buf_printf(&whole, "%s:%s", range, last);
		row_put(row, CELL_RANGE, buf_text(&whole), whole.len);
		buf_release(&whole);
	}
	return true;
}

/* Leases in these states hold nothing that could be brought in. */
static bool finish_lease(struct import_row *row) {
	static const char *const over[] = {"pending", "released", "destroyed", NULL};
	static const char *const held[] = {"", "acquired", "active", "broken", NULL};
	const char *state = row_cell(row, CELL_STATE);

	for (size_t i = 0; over[i] != NULL; i++) {
		if (strcmp(state, over[i]) == 0) {
			row->skip = over[i];
			return true;
		}
	}
	for (size_t i = 0; held[i] != NULL; i++) {
		if (strcmp(state, held[i]) == 0) {
			return true;
		}
	}
	return row_refuse(row, CELL_STATE, "is no state of a lease");
}

static const struct layout ranges = {
    .what = IMPORT_RANGES, .columns = range_columns, .ignored = resource_extra, .finish = finish_range};
static const struct layout leases = {
    .what = IMPORT_LEASES, .columns = lease_columns, .ignored = lease_extra, .finish = finish_lease};

const struct layout *const own_layouts[] = {&ranges, &leases, NULL};
