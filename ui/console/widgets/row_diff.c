#include "ui/console/widgets/row_diff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "db/batch/rowset.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/pen.h"

enum {
	GUTTER = 2,     /* columns of the sign and the blank after it */
	NAME_LEAST = 4, /* columns of the names */
	NAME_MOST = 16,
	VALUE_LEAST = 13, /* columns of a value beside others, and the blank after it */
	VALUE_MOST = 40
};

/* A column of the table: its name and the values of the rows, the survivor's first. */
struct line {
	const struct duplicate_column *column;
	json_t *values; /* owned */
};

struct table {
	struct line *lines; /* owned */
	size_t count;
	size_t rows;
	const struct line *id; /* the line that tells the rows apart; NULL: there is none */
	int name;              /* columns of the names, and the blank after them */
	int value;             /* ... of a value */
};

static struct table table_of(const struct rowset *columns, const struct pen *p) {
	struct table t = {.lines = mem_new(columns->count, sizeof *t.lines), .count = columns->count};
	int name = NAME_LEAST;

	for (size_t i = 0; i < t.count; i++) {
		const struct duplicate_column *column = columns->rows[i];
		int width = grid_width(column->column, p->grid->ascii);
		json_t *values = json_loads(column->values, JSON_ALLOW_NUL, NULL);

		t.lines[i] = (struct line){column, values};
		t.rows = json_array_size(values) > t.rows ? json_array_size(values) : t.rows;
		t.id = column->is_id ? &t.lines[i] : t.id;
		name = width > name ? width : name;
	}
	t.name = (name < NAME_MOST ? name : NAME_MOST) + 1;
	t.value = p->area.columns - GUTTER - t.name;
	return t;
}

static void table_release(struct table *t) {
	for (size_t i = 0; i < t->count; i++) {
		json_decref(t->lines[i].values);
	}
	free(t->lines);
}

/* Draws a field of the pen's line from a column on; NULL, which is not a text, as a mark. */
static void put(const struct pen *p, int column, int columns, enum style style, const char *text) {
	int from = p->area.column + column;
	int end = p->area.column + p->area.columns;

	end = from + columns < end ? from + columns : end;
	if (p->row < 0 || p->row >= p->area.rows || from >= end) {
		return;
	}
	if (text == NULL) {
		(void)grid_put(p->grid, p->area.row + p->row, from, end, STYLE_MARK, "NULL");
	} else {
		grid_field(p->grid, p->area.row + p->row, from, end, style, ALIGN_LEFT, SAFE_CUT_END, text);
	}
}

static void sign(const struct pen *p, enum style style, enum glyph glyph) {
	if (p->row >= 0 && p->row < p->area.rows) {
		(void)grid_glyph(p->grid, p->area.row + p->row, p->area.column,
		    p->area.column + p->area.columns, style, glyph);
	}
}

/* Draws the name of a column, and the sign of one whose values differ. */
static void put_name(const struct pen *p, const struct table *t, const struct line *line) {
	bool differs = line->column->differs;

	if (differs) {
		sign(p, STYLE_WARNING, GLYPH_ALIKE);
	}
	put(p, GUTTER, t->name - 1, differs ? STYLE_BOLD : STYLE_DIM, line->column->column);
}

static void put_value(const struct pen *p, int column, int columns, const struct line *line, size_t row) {
	put(p, column, columns - 1, line->column->differs ? STYLE_WARNING : STYLE_DIM,
	    json_string_value(json_array_get(line->values, row)));
}

/* Draws what becomes of a row, and its id: "KEPT 7", "goes 8". */
static void put_head(const struct pen *p, const struct table *t, int column, int columns, size_t row) {
	const char *id = t->id == NULL ? NULL : json_string_value(json_array_get(t->id->values, row));
	char *text = mem_print("%s %s", row == 0 ? "KEPT" : "goes", id == NULL ? "" : id);

	put(p, column, columns - 1, row == 0 ? STYLE_BOLD : STYLE_NORMAL, text);
	free(text);
}

static void count_others(struct pen *p, int64_t others) {
	if (others > 0) {
		pen_print(p, STYLE_DIM, "and %" PRId64 " more", others);
		pen_break(p);
	}
}

/* Draws the rows side by side, as many as fit. Returns their number. */
static size_t draw_beside(struct pen *p, const struct table *t) {
	size_t fit = t->value >= 2 * VALUE_LEAST ? (size_t)(t->value / VALUE_LEAST) : 2;
	size_t rows = t->rows < fit ? t->rows : fit;
	int each = rows == 0 ? t->value : t->value / (int)rows;

	each = each < VALUE_MOST ? each : VALUE_MOST;
	sign(p, STYLE_BOLD, GLYPH_HELD);
	if (t->id != NULL) {
		put(p, GUTTER, t->name - 1, STYLE_DIM, t->id->column->column);
	}
	for (size_t row = 0; row < rows; row++) {
		put_head(p, t, GUTTER + t->name + (int)row * each, each, row);
	}
	p->row++;
	for (size_t i = 0; i < t->count; i++) {
		if (&t->lines[i] == t->id) {
			continue;
		}
		put_name(p, t, &t->lines[i]);
		for (size_t row = 0; row < rows; row++) {
			put_value(p, GUTTER + t->name + (int)row * each, each, &t->lines[i], row);
		}
		p->row++;
	}
	return rows;
}

/* Draws the columns of one row that differ, or those of all rows that are equal, a line each. */
static void draw_columns(struct pen *p, const struct table *t, size_t row, bool differs) {
	for (size_t i = 0; i < t->count; i++) {
		if (&t->lines[i] != t->id && t->lines[i].column->differs == differs) {
			put_name(p, t, &t->lines[i]);
			put_value(p, GUTTER + t->name, t->value + 1, &t->lines[i], row);
			p->row++;
		}
	}
}

/* Draws the rows one below the other. */
static void draw_below(struct pen *p, const struct table *t, int64_t total) {
	for (size_t row = 0; row < t->rows; row++) {
		if (row == 0) {
			sign(p, STYLE_BOLD, GLYPH_HELD);
		}
		put_head(p, t, GUTTER, p->area.columns - GUTTER + 1, row);
		p->row++;
		draw_columns(p, t, row, true);
	}
	count_others(p, total - (int64_t)t->rows);
	pen_say(p, STYLE_DIM, "equal in all rows:");
	pen_break(p);
	draw_columns(p, t, 0, false);
}

void row_diff(struct pen *p, const struct rowset *columns, int64_t total) {
	struct table t = table_of(columns, p);

	pen_break(p);
	if (p->grid->columns >= ROW_DIFF_WIDE) {
		count_others(p, total - (int64_t)draw_beside(p, &t));
	} else {
		draw_below(p, &t, total);
	}
	table_release(&t);
}
