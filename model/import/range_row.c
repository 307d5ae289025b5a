#include "model/import/entry.h"

#include <string.h>

#include "model/import/row.h"
#include "model/syntax/name.h"
#include "model/syntax/range.h"
#include "model/text/json.h"

/* Reads the kind; a file without that column says it by the spelling of its ranges. */
static bool read_kind(const struct import_row *row, enum kind *kind, struct err *err) {
	const char *text = row_cell(row, CELL_KIND);

	for (int i = 0; kind_names[i] != NULL; i++) {
		if (strcmp(kind_names[i], text) == 0) {
			*kind = (enum kind)i;
			return true;
		}
	}
	if (text[0] == '\0' && value_guess_kind(row_cell(row, CELL_RANGE), kind)) {
		return true;
	}
	if (text[0] == '\0' && row->titles[CELL_RANGE] != NULL) {
		err_set(err, ERR_INVALID_INPUT, "\"%s\" is not a range", row_cell(row, CELL_RANGE));
		return row_blame(row, CELL_RANGE, err);
	}
	err_set(err, ERR_INVALID_INPUT, "unknown kind \"%s\": ipv4, ipv6, number or host", text);
	return row_blame(row, CELL_KIND, err);
}

static bool check_pool(const struct import_row *row, struct err *err) {
	return name_check("pool", row_cell(row, CELL_POOL), err) || row_blame(row, CELL_POOL, err);
}

bool entry_place(const struct import_row *row, struct range *range, struct err *err) {
	enum kind kind = KIND_IPV4;

	/* A pool that is named after its space and range is wrong where they are. */
	if (!row->is_named && !check_pool(row, err)) {
		return false;
	}
	if (!name_check("space", entry_space(row), err)) {
		return row_blame(row, CELL_SPACE, err);
	}
	return read_kind(row, &kind, err) &&
	       (range_parse(row_cell(row, CELL_RANGE), kind, range, err) ||
		   row_blame(row, CELL_RANGE, err)) &&
	       check_pool(row, err);
}

bool entry_range(const struct import_row *row, const struct range *range, struct json *j, struct err *err) {
	struct buf text = {0};
	char number[U128_TEXT];

	range_name(range, &text);
	json_put_key(j, "pool");
	json_put_text(j, row_cell(row, CELL_POOL));
	json_put_key(j, "kind");
	json_put_text(j, kind_names[range->kind]);
	json_put_key(j, "space");
	json_put_text(j, entry_space(row));
	json_put_key(j, "name");
	json_put_text(j, buf_text(&text));
	json_put_key(j, "first");
	json_put_raw(j, u128_text(range->first, number));
	json_put_key(j, "last");
	json_put_raw(j, u128_text(range->last, number));
	json_put_key(j, "host");
	json_put_text(j, range->host);
	buf_release(&text);
	return entry_labels(row, j, err);
}
