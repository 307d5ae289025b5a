#include "model/import.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "gen/queries.h"
#include "model/text/csv.h"
#include "model/text/json.h"
#include "model/syntax/label.h"
#include "model/syntax/name.h"
#include "model/syntax/range.h"

enum column { POOL, KIND, RANGE, SPACE, LABELS, EXCLUDE, COLUMNS };

static const char *const names[COLUMNS] = {"pool", "kind", "range", "space", "labels", "exclude"};
static const size_t ABSENT = (size_t)-1;

/* The place of each column in the rows of this file. */
struct header {
	size_t at[COLUMNS];
	size_t count;
};

static bool place_column(struct header *header, const char *name, size_t at, struct err *err) {
	for (int column = 0; column < COLUMNS; column++) {
		if (strcmp(names[column], name) == 0) {
			if (header->at[column] != ABSENT) {
				return err_set(
				    err, ERR_INVALID_INPUT, "column \"%s\" occurs twice in the header", name);
			}
			header->at[column] = at;
			return true;
		}
	}
	err_set(err, ERR_INVALID_INPUT, "unknown column \"%s\" in the header", name);
	return err_hint(err, "the header is pool,kind,range and may have space, labels and exclude");
}

/* Refuses other separators, which spreadsheets write in some countries. */
static bool check_separator(const struct csv_row *row, struct err *err) {
	const char *separator = row->count == 1 ? strpbrk(row->fields[0], ";\t") : NULL;

	if (separator == NULL) {
		return true;
	}
	return err_set(err, ERR_INVALID_INPUT,
	    "the fields of \"%s\" are separated by %s: separate them by commas", row->fields[0],
	    *separator == ';' ? "\";\"" : "tabs");
}

static bool read_header(const struct csv_row *row, struct header *header, struct err *err) {
	*header = (struct header){.count = row->count};
	for (int column = 0; column < COLUMNS; column++) {
		header->at[column] = ABSENT;
	}
	if (!check_separator(row, err)) {
		return false;
	}
	for (size_t i = 0; i < row->count; i++) {
		if (!place_column(header, row->fields[i], i, err)) {
			return false;
		}
	}
	for (int column = POOL; column <= RANGE; column++) {
		if (header->at[column] == ABSENT) {
			err_set(err, ERR_INVALID_INPUT, "the header has no column %s", names[column]);
			return err_hint(
			    err, "the header is pool,kind,range and may have space, labels and exclude");
		}
	}
	return true;
}

static const char *field(const struct header *header, const struct csv_row *row, enum column column) {
	size_t at = header->at[column];

	return at == ABSENT || at >= row->count ? "" : row->fields[at];
}

static bool read_kind(const char *text, enum kind *kind, struct err *err) {
	for (int i = 0; kind_names[i] != NULL; i++) {
		if (strcmp(kind_names[i], text) == 0) {
			*kind = (enum kind)i;
			return true;
		}
	}
	return err_set(err, ERR_INVALID_INPUT, "unknown kind \"%s\": ipv4, ipv6, number or host", text);
}

/* Reads one of the excluded ranges of a row's range. A host's name alone stands for all of its slots. */
static bool read_exclude(const char *text, const struct range *whole, struct range *out, struct err *err) {
	if (!range_values(text, whole->kind, out, err)) {
		return false;
	}
	if (whole->kind == KIND_HOST && out->last == INT64_MAX) {
		out->last = whole->last;
	}
	if (strcmp(out->host, whole->host) != 0 || out->first < whole->first || out->last > whole->last) {
		return err_set(err, ERR_INVALID_INPUT, "exclude \"%s\": not in the range of the row", text);
	}
	return true;
}

/* Writes the excluded ranges, which are separated by ";", as the member exclude; nothing where there are
 * none. */
static bool put_excluded(const char *list, const struct range *whole, struct json *j, struct err *err) {
	char number[U128_TEXT];
	char *copy = mem_text(list), *rest = copy;
	bool ok = true;

	if (list[0] != '\0') {
		json_put_key(j, "exclude");
		json_open_array(j);
		for (char *one; ok && (one = strsep(&rest, ";")) != NULL;) {
			struct range range;

			ok = read_exclude(one, whole, &range, err);
			if (ok) {
				json_open_object(j);
				json_put_key(j, "first");
				json_put_raw(j, u128_text(range.first, number));
				json_put_key(j, "last");
				json_put_raw(j, u128_text(range.last, number));
				json_close_object(j);
			}
		}
		json_close_array(j);
	}
	free(copy);
	return ok;
}

/* Writes the members of one row. After a failure some of them may have been written. */
static bool put_row(const struct header *header, const struct csv_row *row, struct json *j, struct err *err) {
	const char *space = field(header, row, SPACE);
	enum kind kind = KIND_IPV4;
	struct range range;

	if (row->count != header->count) {
		return err_set(
		    err, ERR_INVALID_INPUT, "%zu fields where the header has %zu", row->count, header->count);
	}
	space = space[0] == '\0' ? "global" : space;
	if (!name_check("pool", field(header, row, POOL), err) || !name_check("space", space, err) ||
	    !read_kind(field(header, row, KIND), &kind, err) ||
	    !range_parse(field(header, row, RANGE), kind, &range, err)) {
		return false;
	}
	json_put_key(j, "pool");
	json_put_text(j, field(header, row, POOL));
	json_put_key(j, "kind");
	json_put_text(j, kind_names[kind]);
	json_put_key(j, "space");
	json_put_text(j, space);
	range_members(&range, j);
	if (!put_excluded(field(header, row, EXCLUDE), &range, j, err)) {
		return false;
	}
	json_put_key(j, "labels");
	json_open_object(j);
	if (!label_list_json(field(header, row, LABELS), j, err)) {
		return false;
	}
	json_close_object(j);
	return true;
}

static void put_refused(
    const struct header *header, const struct csv_row *row, const struct err *err, struct json *j) {
	json_open_object(j);
	json_put_key(j, "line");
	json_put_int(j, row->line);
	json_put_key(j, "pool");
	json_put_text(j, field(header, row, POOL));
	json_put_key(j, "name");
	json_put_text(j, field(header, row, RANGE));
	json_put_key(j, "error");
	json_open_object(j);
	json_put_key(j, "code");
	json_put_text(j, err_name(err->code));
	json_put_key(j, "message");
	json_put_text(j, err->message);
	json_put_key(j, "detail");
	json_put_raw(j, "{}");
	json_close_object(j);
	json_close_object(j);
}

/* Puts the pool's name before the error of its row. */
static void name_pool(const char *pool, struct err *err) {
	struct err ignored = {0};

	if (name_check("pool", pool, &ignored)) {
		char *message = mem_print("pool %s: %s", pool, err->message);

		free(err->message);
		err->message = message;
	}
	err_release(&ignored);
}

static bool read_row(
    const struct header *header, const struct csv_row *row, bool skip, struct json *j, struct err *err) {
	struct json before = *j;
	size_t len = j->out->len;
	bool ok;

	json_open_object(j);
	json_put_key(j, "line");
	json_put_int(j, row->line);
	ok = put_row(header, row, j, err);
	if (!ok) {
		name_pool(field(header, row, POOL), err);
	}
	if (ok) {
		json_close_object(j);
	} else if (skip) {
		*j = before;
		buf_cut(j->out, len);
		put_refused(header, row, err, j);
		err_release(err);
		ok = true;
	} else {
		err->line = row->line;
	}
	return ok;
}

bool import_read(const char *text, size_t n, bool skip, struct buf *rows, struct err *err) {
	struct json j = {.out = rows};
	struct csv csv;
	struct csv_row row;
	struct header header;
	bool ok;

	csv_init(&csv, text, n);
	json_open_array(&j);
	ok = csv_next(&csv, &row, err);
	if (ok && row.count == 0) {
		ok = err_set(
		    err, ERR_INVALID_INPUT, "the file is empty: it begins with the header pool,kind,range");
	}
	ok = ok && read_header(&row, &header, err);
	if (!ok && err->line == 0) {
		err->line = 1;
	}
	while (ok && (ok = csv_next(&csv, &row, err)) && row.count > 0) {
		ok = read_row(&header, &row, skip, &j, err);
	}
	json_close_array(&j);
	csv_release(&csv);
	return ok;
}

size_t import_add(struct batch *b, struct id id, const char *rows, bool skip, const char *detail) {
	return query_pool_import_add(b, id, rows, skip, detail);
}
