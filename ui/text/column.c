#include "ui/text/column.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "model/text/json.h"
#include "ui/text/field.h"
#include "ui/text/plain_json.h"
#include "ui/text/row.h"

static bool is_end(const struct column *column) {
	return column->name == NULL && column->title == NULL;
}

static struct bound_column bind(const struct shape *shape, const struct column *column) {
	bool member = column->text == NULL && column->name != NULL;

	assert(column->text != NULL || member || column->show != NULL);
	return (struct bound_column){column, member ? row_field(shape->type, column->name) : NULL};
}

/* Returns the column of this name that the shape itself has, or NULL. */
static const struct column *find(const struct shape *shape, const char *name) {
	for (const struct column *c = shape->columns; name != NULL && !is_end(c); c++) {
		if (c->name != NULL && strcmp(c->name, name) == 0) {
			return c;
		}
	}
	return NULL;
}

struct bound_column *shape_bind(const struct shape *shape, size_t *n) {
	const struct column *base = shape->base == NULL ? NULL : shape->base->columns;
	struct bound_column *columns = mem_new(0, sizeof *columns);

	*n = 0;
	for (const struct column *c = base; c != NULL && !is_end(c); c++) {
		const struct column *own = find(shape, c->name);

		columns = mem_grow(columns, *n + 1, sizeof *columns);
		columns[(*n)++] = bind(shape, own == NULL ? c : own);
	}
	for (const struct column *c = shape->columns; !is_end(c); c++) {
		if (base == NULL || find(shape->base, c->name) == NULL) {
			columns = mem_grow(columns, *n + 1, sizeof *columns);
			columns[(*n)++] = bind(shape, c);
		}
	}
	return columns;
}

struct bound_column shape_column(const struct shape *shape, const char *name) {
	const struct column *column = find(shape, name);

	if (column == NULL && shape->base != NULL) {
		column = find(shape->base, name);
	}
	assert(column != NULL);
	return bind(shape, column);
}

bool column_exact(const struct bound_column *column, const void *row, struct buf *out) {
	size_t before = out->len;

	if (column->field != NULL) {
		return field_exact(column->field, row, out);
	}
	if (column->column->text != NULL) {
		column->column->text(row, out);
	}
	return out->len > before;
}

static bool is_string(enum column_kind kind, const char *text) {
	return kind == COLUMN_TEXT || (kind == COLUMN_EITHER && text[strspn(text, "0123456789")] != '\0');
}

void column_json(const struct bound_column *column, const void *row, struct json *j) {
	struct buf text = {0};

	if (column->field != NULL) {
		field_json(column->field, row, j);
		return;
	}
	if (!column_exact(column, row, &text)) {
		json_put_null(j);
	} else if (is_string(column->column->kind, buf_text(&text))) {
		json_put_text(j, buf_text(&text));
	} else {
		json_put_raw(j, buf_text(&text));
	}
	buf_release(&text);
}

/* Appends "a=b,c=d" or "a,b". */
static void put_plain(const char *json, struct buf *out) {
	json_t *whole = json_loads(json, 0, NULL);

	plain_members(whole, ",", out);
	json_decref(whole);
}

void column_show(const struct bound_column *column, const void *row, struct buf *out) {
	if (column->column->show != NULL) {
		column->column->show(row, out);
	} else if (column->column->plain) {
		put_plain(row_text(column->field, row), out);
	} else if (column->field != NULL) {
		field_show(column->field, row, out);
	} else {
		(void)column_exact(column, row, out);
	}
}

void column_short(const struct bound_column *column, const void *row, int64_t now, struct buf *out) {
	if (column->column->show == NULL && column->field != NULL) {
		field_short(column->field, row, now, out);
	} else {
		column_show(column, row, out);
	}
}

bool column_is_right(const struct bound_column *column) {
	return column->column->right || (column->field != NULL && field_is_number(column->field));
}

void columns_json(const struct bound_column *columns, size_t n, const void *row, struct json *j) {
	json_open_object(j);
	for (size_t i = 0; i < n; i++) {
		if (columns[i].column->name != NULL) {
			json_put_key(j, columns[i].column->name);
			column_json(&columns[i], row, j);
		}
	}
	json_close_object(j);
}

void shape_json(const struct shape *shape, const void *row, struct json *j) {
	size_t n;
	struct bound_column *columns = shape_bind(shape, &n);

	columns_json(columns, n, row, j);
	free(columns);
}
