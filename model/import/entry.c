#include "model/import/entry.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "model/import.h"
#include "model/import/row.h"
#include "model/syntax/label.h"
#include "model/syntax/name.h"
#include "model/syntax/range.h"
#include "model/text/json.h"

const char *entry_space(const struct import_row *row) {
	const char *space = row_cell(row, CELL_SPACE);

	return space[0] == '\0' ? "global" : space;
}

/* Writes labels that berth has exported as a JSON object. */
static bool put_object(const char *text, struct json *j, struct err *err) {
	json_error_t why;
	json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, &why);
	struct buf list = {0};
	const char *key;
	json_t *value;
	bool ok =
	    json_is_object(object) ||
	    err_set(err, ERR_INVALID_INPUT, "labels \"%s\" are not an object of JSON: %s", text, why.text);

	json_object_foreach(object, key, value) {
		const char *word = json_string_value(value);

		if (ok && word == NULL) {
			ok = err_set(err, ERR_INVALID_INPUT, "label \"%s\": its value is no text", key);
		} else if (ok) {
			ok = label_key_check(key, strlen(key), err) &&
			     label_value_check(word, strlen(word), err);
			buf_printf(&list, "%s%s=%s", list.len > 0 ? ";" : "", key, word);
		}
	}
	ok = ok && label_list_json(buf_text(&list), j, err);
	buf_release(&list);
	json_decref(object);
	return ok;
}

bool entry_labels(const struct import_row *row, struct json *j, struct err *err) {
	const char *text = row_cell(row, CELL_LABELS);

	json_put_key(j, "labels");
	json_open_object(j);
	if (!(text[0] == '{' ? put_object(text, j, err) : label_list_json(text, j, err))) {
		return row_blame(row, CELL_LABELS, err);
	}
	json_close_object(j);
	return true;
}

/* Keeps a text; the same one as before is kept once. Returns its offset. */
static size_t keep(struct import_file *file, const char *text, size_t before) {
	size_t at = file->names.len;

	if (strcmp(file->names.text + before, text) == 0) {
		return before;
	}
	buf_add(&file->names, text, strlen(text) + 1);
	return at;
}

/* Keeps the place in which the value is compared with others: the pool, or the space of rows without one, of
 * a range always the space; and the name of the host. */
static size_t keep_place(
    struct import_file *file, const struct import_row *row, const char *host, size_t before) {
	const char *pool = row_cell(row, CELL_POOL);
	bool in_pool = file->what == IMPORT_LEASES && pool[0] != '\0';
	struct buf place = {0};
	size_t at;

	buf_printf(&place, "%s%s", in_pool ? "pool " : "space ", in_pool ? pool : entry_space(row));
	buf_char(&place, '\n');
	for (; *host != '\0'; host++) {
		buf_char(&place, (char)tolower((unsigned char)*host));
	}
	at = keep(file, buf_text(&place), before);
	buf_release(&place);
	return at;
}

/* Puts the pool's name before the error of a range. */
static void name_pool(const struct import_row *row, struct err *err) {
	struct err ignored = {0};

	if (name_check("pool", row_cell(row, CELL_POOL), &ignored)) {
		char *message = mem_print("pool %s: %s", row_cell(row, CELL_POOL), err->message);

		free(err->message);
		err->message = message;
	}
	err_release(&ignored);
}

/* Writes the members of the row. */
static bool put_members(struct import_file *file, struct import_entry *entry, const struct import_row *row,
    const struct range *range, struct err *err) {
	/* The member `line` comes first, see import_rows(). */
	struct json j = {.out = &file->json, .comma = true, .depth = 1};
	bool ok;

	entry->at = file->json.len;
	ok =
	    file->what == IMPORT_LEASES ? entry_lease(row, range, &j, err) : entry_range(row, range, &j, err);
	entry->len = file->json.len - entry->at;
	if (!ok) {
		buf_cut(&file->json, entry->at);
		entry->len = 0;
	}
	return ok;
}

void entry_read(struct import_file *file, struct import_entry *entry, struct import_row *row) {
	const struct import_entry *before = file->count > 1 ? entry - 1 : entry;
	enum import_cell cell = file->what == IMPORT_LEASES ? CELL_VALUE : CELL_RANGE;
	struct range range = {0};
	struct err err = {0};
	bool ok;

	entry->pool = keep(file, row_cell(row, CELL_POOL), before->pool);
	entry->text = keep(file, row_cell(row, cell), 0);
	ok = row->wrong.code == ERR_NONE || err_move(&err, &row->wrong);
	if (ok && entry->skip != NULL && row_cell(row, cell)[0] == '\0') {
		return;
	}
	ok = ok && (cell == CELL_VALUE ? entry_value(row, &range, &err) : entry_place(row, &range, &err));
	if (ok) {
		entry->kind = range.kind;
		entry->first = range.first;
		entry->last = range.last;
		entry->place = keep_place(file, row, range.host, before->place);
	}
	if (ok && entry->skip == NULL) {
		ok = put_members(file, entry, row, &range, &err);
	}
	if (!ok) {
		if (file->what == IMPORT_RANGES) {
			name_pool(row, &err);
		}
		entry->skip = NULL;
		entry->code = err.code;
		entry->message = mem_text(err.message);
	}
	err_release(&err);
}
