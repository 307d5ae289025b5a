#include "model/import/entry.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "model/import/row.h"
#include "model/syntax/name.h"
#include "model/syntax/range.h"
#include "model/syntax/unit.h"
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

/* Reads one of the excluded ranges of a row's range. A host's name alone stands for all of its slots. */
static bool read_exclude(const char *text, const struct range *whole, struct range *out, struct err *err) {
	if (!range_values(text, whole->kind, out, err)) {
		return false;
	}
	if (whole->kind == KIND_HOST && out->last == INT64_MAX) {
		out->last = whole->last;
	}
	return (strcmp(out->host, whole->host) == 0 && out->first >= whole->first &&
		   out->last <= whole->last) ||
	       err_set(err, ERR_INVALID_INPUT, "exclude \"%s\": not in the range of the row", text);
}

/* Writes the excluded ranges as the member `exclude`, which is left out when there are none. */
static bool put_excluded(
    const struct import_row *row, const struct range *whole, struct json *j, struct err *err) {
	char *copy = mem_text(row_cell(row, CELL_EXCLUDE)), *rest = copy;
	bool ok = true;

	if (copy[0] != '\0') {
		json_put_key(j, "exclude");
		json_open_array(j);
		for (char *one; ok && (one = strsep(&rest, ";")) != NULL;) {
			struct range range;

			if (*one == '\0' && rest == NULL) {
				break; /* the list ended with a separator */
			}
			ok = read_exclude(one, whole, &range, err) || row_blame(row, CELL_EXCLUDE, err);
			if (ok) {
				json_open_object(j);
				range_members(&range, j);
				json_close_object(j);
			}
		}
		json_close_array(j);
	}
	free(copy);
	return ok;
}

/* Writes the unit as the member `unit`, which is left out when there is none. */
static bool put_unit(const struct import_row *row, enum kind kind, struct json *j, struct err *err) {
	const char *text = row_cell(row, CELL_UNIT);
	char unit[UNIT_TEXT];

	if (text[0] == '\0') {
		return true;
	}
	if (!unit_check(text, kind, unit, err)) {
		return row_blame(row, CELL_UNIT, err);
	}
	json_put_key(j, "unit");
	json_put_text(j, unit);
	return true;
}

bool entry_range(const struct import_row *row, const struct range *range, struct json *j, struct err *err) {
	json_put_key(j, "pool");
	json_put_text(j, row_cell(row, CELL_POOL));
	json_put_key(j, "kind");
	json_put_text(j, kind_names[range->kind]);
	json_put_key(j, "space");
	json_put_text(j, entry_space(row));
	range_members(range, j);
	return put_unit(row, range->kind, j, err) && put_excluded(row, range, j, err) &&
	       entry_labels(row, j, err);
}
