#include "ui/text/field.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/text/csv.h"
#include "model/syntax/instant.h"
#include "model/text/json.h"
#include "ui/cli/table.h"

struct cell *cells_new(const struct shape *shape, size_t *n) {
	struct cell *cells = mem_new(0, sizeof *cells);

	*n = 0;
	for (const struct column *c = shape->columns; c->name != NULL || c->header != NULL; c++) {
		bool member = c->text == NULL && c->name != NULL;
		const struct field *field = member ? row_field(shape->type, c->name) : NULL;

		assert(c->text != NULL || member || c->show != NULL);
		cells = mem_grow(cells, *n + 1, sizeof *cells);
		cells[(*n)++] = (struct cell){c, field};
	}
	return cells;
}

static bool put(struct buf *out, const char *text) {
	if (text == NULL) {
		return false;
	}
	buf_puts(out, text);
	return true;
}

static bool put_id(struct buf *out, struct id id) {
	char text[ID_TEXT];

	return !id_is_nil(id) && put(out, id_text(id, text));
}

static bool put_int(struct buf *out, int64_t number) {
	buf_printf(out, "%" PRId64, number);
	return true;
}

static bool put_real(struct buf *out, double number) {
	if (!isfinite(number)) {
		return false;
	}
	json_real_text(number, out);
	return true;
}

static bool put_time(struct buf *out, int64_t time) {
	if (time == TIME_NONE) {
		return false;
	}
	instant_text(time, out);
	return true;
}

static bool field_text(const struct field *field, const void *row, struct buf *out) {
	const void *at = (const char *)row + field->offset;
	char digits[U128_TEXT];

	switch (field->type) {
	case FIELD_BOOL:
		return put(out, *(const bool *)at ? "true" : "false");
	case FIELD_INT:
		return put_int(out, *(const int64_t *)at);
	case FIELD_REAL:
		return put_real(out, *(const double *)at);
	case FIELD_TEXT:
	case FIELD_JSON:
		return put(out, *(const char *const *)at);
	case FIELD_ID:
		return put_id(out, *(const struct id *)at);
	case FIELD_TIME:
		return put_time(out, *(const int64_t *)at);
	case FIELD_COUNT:
		return put(out, ((const struct count *)at)->digits);
	case FIELD_VALUE:
		return put(out, u128_text(*(const u128 *)at, digits));
	case FIELD_ENUM:
		return put(out, field->names[*(const int *)at]);
	}
	return false;
}

static bool is_string(const struct cell *cell) {
	if (cell->field == NULL) {
		return cell->column->kind == COLUMN_TEXT;
	}
	switch (cell->field->type) {
	case FIELD_TEXT:
	case FIELD_ID:
	case FIELD_TIME:
	case FIELD_ENUM:
		return true;
	default:
		return false;
	}
}

bool cell_text(const struct cell *cell, const void *row, struct buf *out) {
	size_t before = out->len;

	if (cell->field != NULL) {
		return field_text(cell->field, row, out);
	}
	if (cell->column->text != NULL) {
		cell->column->text(row, out);
	}
	return out->len > before;
}

void cell_json(const struct cell *cell, const void *row, struct json *j) {
	struct buf text = {0};
	bool given = cell_text(cell, row, &text);

	if (given && is_string(cell)) {
		json_put_text(j, buf_text(&text));
	} else {
		json_put_raw(j, given ? buf_text(&text) : NULL);
	}
	buf_release(&text);
}

void cell_csv(struct buf *out, size_t index, size_t count, const char *text) {
	if (index > 0) {
		buf_char(out, ',');
	}
	if (text != NULL && text[0] != '\0') {
		csv_field(out, text);
	} else if (count == 1) {
		buf_puts(out, "\"\""); /* an empty line would be no row */
	}
	if (index + 1 == count) {
		buf_puts(out, "\r\n");
	}
}

/* "2024-05-01T12:00:00.123456Z" without the fraction, which no reader needs. */
static void show_time(int64_t time, struct buf *out) {
	size_t before = out->len;

	if (!put_time(out, time)) {
		return;
	}
	const char *point = strchr(buf_text(out) + before, '.');

	if (point != NULL) {
		buf_cut(out, (size_t)(point - out->text));
		buf_char(out, 'Z');
	}
}

/* As it is, but nothing for nothing. */
static void show_json(const char *json, struct buf *out) {
	if (json != NULL && strcmp(json, "{}") != 0 && strcmp(json, "[]") != 0) {
		buf_puts(out, json);
	}
}

/* Without what makes it JSON, of which nothing can be in a label or a name. */
static void show_plain(const char *json, struct buf *out) {
	for (const char *p = json; p != NULL && *p != '\0'; p++) {
		if (strchr("[]{}\" ", *p) == NULL) {
			buf_char(out, *p == ':' ? '=' : *p);
		}
	}
}

void cell_show(const struct cell *cell, const void *row, struct buf *out) {
	if (cell->column->show != NULL) {
		cell->column->show(row, out);
		return;
	}
	const struct field *field = cell->field;
	const void *at = field == NULL ? NULL : (const char *)row + field->offset;

	if (field != NULL && field->type == FIELD_BOOL) {
		buf_puts(out, *(const bool *)at ? "yes" : "no");
	} else if (field != NULL && field->type == FIELD_JSON) {
		(cell->column->plain ? show_plain : show_json)(*(const char *const *)at, out);
	} else if (field != NULL && field->type == FIELD_TIME) {
		show_time(*(const int64_t *)at, out);
	} else {
		(void)cell_text(cell, row, out);
	}
}

bool cell_right(const struct cell *cell) {
	if (cell->column->right || cell->field == NULL) {
		return cell->column->right;
	}
	switch (cell->field->type) {
	case FIELD_INT:
	case FIELD_REAL:
	case FIELD_COUNT:
	case FIELD_VALUE:
		return true;
	default:
		return false;
	}
}

void cells_json(const struct cell *cells, size_t n, const void *row, struct json *j) {
	json_open_object(j);
	for (size_t i = 0; i < n; i++) {
		if (cells[i].column->name != NULL) {
			json_put_key(j, cells[i].column->name);
			cell_json(&cells[i], row, j);
		}
	}
	json_close_object(j);
}

void cells_columns(const struct cell *cells, size_t n, struct table *table) {
	for (size_t i = 0; i < n; i++) {
		if (cells[i].column->header != NULL) {
			table_column(table, cells[i].column->header, cell_right(&cells[i]));
		}
	}
}

void cells_table(const struct cell *cells, size_t n, const void *row, struct table *table) {
	struct buf show = {0};

	for (size_t i = 0; i < n; i++) {
		if (cells[i].column->header != NULL) {
			buf_cut(&show, 0);
			cell_show(&cells[i], row, &show);
			table_cell(table, buf_text(&show));
		}
	}
	buf_release(&show);
}

void cells_brief(const struct cell *cells, size_t n, const void *row, struct buf *out) {
	struct buf word = {0};
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		if (cells[i].column->brief) {
			buf_cut(&word, 0);
			cell_show(&cells[i], row, &word);
			buf_printf(out, "%s%s", any && word.len > 0 ? " " : "", buf_text(&word));
			any = any || word.len > 0;
		}
	}
	buf_release(&word);
}
