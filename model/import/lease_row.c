#include "model/import/entry.h"

#include <string.h>

#include "db/base/clock.h"
#include "db/base/id.h"
#include "model/import/row.h"
#include "model/lease.h"
#include "model/syntax/instant.h"
#include "model/syntax/name.h"
#include "model/syntax/range.h"
#include "model/syntax/target.h"
#include "model/syntax/unit.h"
#include "model/text/json.h"

bool entry_value(const struct import_row *row, struct range *range, struct err *err) {
	const char *text = row_cell(row, CELL_VALUE);
	struct unit unit;

	if (text[0] == '\0') {
		err_set(err, ERR_INVALID_INPUT, "\"\" is not a value");
		return row_blame(row, CELL_VALUE, err);
	}
	if (!unit_guess(text, &unit, err)) {
		return row_blame(row, CELL_VALUE, err);
	}
	*range = (struct range){.kind = unit.kind, .first = unit.first, .last = unit.last};
	memcpy(range->host, unit.host, sizeof range->host);
	return true;
}

/* Writes the pool, or the space in which the value is looked for. */
static bool put_pool(const struct import_row *row, struct json *j, struct err *err) {
	const char *pool = row_cell(row, CELL_POOL);
	bool given = pool[0] != '\0';

	if (!(given ? name_check("pool", pool, err) : name_check("space", entry_space(row), err))) {
		return row_blame(row, given ? CELL_POOL : CELL_SPACE, err);
	}
	json_put_key(j, given ? "pool" : "space");
	json_put_text(j, given ? pool : entry_space(row));
	return true;
}

static void put_value(const struct import_row *row, const struct range *range, struct json *j) {
	struct unit unit = {.kind = range->kind,
	    .block = unit_is_block(row_cell(row, CELL_VALUE), range->kind),
	    .first = range->first,
	    .last = range->last};
	struct buf text = {0};
	char number[U128_TEXT];

	memcpy(unit.host, range->host, sizeof unit.host);
	unit_text(&unit, &text);
	json_put_key(j, "kind");
	json_put_text(j, kind_names[range->kind]);
	json_put_key(j, "text");
	json_put_text(j, buf_text(&text));
	if (range->host[0] != '\0') {
		json_put_key(j, "host");
		json_put_text(j, range->host);
	}
	json_put_key(j, "value");
	json_put_raw(j, u128_text(range->first, number));
	if (unit.block) {
		json_put_key(j, "last");
		json_put_raw(j, u128_text(range->last, number));
	}
	buf_release(&text);
}

static bool put_holder(const struct import_row *row, struct json *j, struct err *err) {
	const char *holder = row_cell(row, CELL_HOLDER);

	if (!text_check("holder", holder, LEASE_HOLDER_CHARS, err)) {
		return row_blame(row, CELL_HOLDER, err);
	}
	if (holder[0] != '\0') {
		json_put_key(j, "holder");
		json_put_text(j, holder);
	}
	return true;
}

static bool put_project(const struct import_row *row, struct json *j, struct err *err) {
	struct target target;

	if (row_cell(row, CELL_PROJECT)[0] == '\0') {
		return true;
	}
	if (!target_parse(row_cell(row, CELL_PROJECT), TARGET_PROJECT, &target, err)) {
		return row_blame(row, CELL_PROJECT, err);
	}
	json_put_key(j, "project");
	json_put_text(j, target.name);
	return true;
}

/* Writes a time; no end is left out. */
static bool put_time(
    const struct import_row *row, enum import_cell cell, const char *key, struct json *j, struct err *err) {
	const char *text = row_cell(row, cell);
	struct buf time = {0};
	int64_t us = TIME_NEVER;

	if (text[0] != '\0' &&
	    !(cell == CELL_UNTIL ? end_parse(text, &us, err) : instant_parse(text, &us, err))) {
		return row_blame(row, cell, err);
	}
	if (us != TIME_NEVER) {
		instant_text(us, &time);
		json_put_key(j, key);
		json_put_text(j, buf_text(&time));
	}
	buf_release(&time);
	return true;
}

static bool put_id(const struct import_row *row, struct json *j, struct err *err) {
	const char *text = row_cell(row, CELL_ID);
	struct id id;

	if (text[0] == '\0') {
		return true;
	}
	if (!id_parse(text, &id)) {
		err_set(err, ERR_INVALID_INPUT, "\"%s\" is not an id: a UUID is needed", text);
		return row_blame(row, CELL_ID, err);
	}
	json_put_key(j, "id");
	json_put_id(j, id);
	return true;
}

/* Leaves out the cells that the row has not: the rows of a large file are many bytes to read. */
bool entry_lease(const struct import_row *row, const struct range *range, struct json *j, struct err *err) {
	if (!put_pool(row, j, err)) {
		return false;
	}
	put_value(row, range, j);
	return put_holder(row, j, err) && put_project(row, j, err) &&
	       put_time(row, CELL_UNTIL, "until", j, err) && put_time(row, CELL_CREATED, "created", j, err) &&
	       put_id(row, j, err) && (row_cell(row, CELL_LABELS)[0] == '\0' || entry_labels(row, j, err));
}
