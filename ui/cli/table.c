#include "ui/cli/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "ui/text/column.h"

void table_column(struct table *t, const char *header, bool right) {
	t->columns = mem_grow(t->columns, t->column_count + 1, sizeof t->columns[0]);
	t->columns[t->column_count++] = (struct table_column){header, right, 0};
}

void table_cell(struct table *t, const char *text) {
	buf_add(&t->text, text, strlen(text) + 1);
	t->cells++;
}

void table_add_columns(struct table *t, const struct bound_column *columns, size_t n) {
	for (size_t i = 0; i < n; i++) {
		if (columns[i].column->title != NULL) {
			table_column(t, columns[i].column->title, column_is_right(&columns[i]));
		}
	}
}

void table_add_row(struct table *t, const struct bound_column *columns, size_t n, const void *row) {
	struct buf text = {0};

	for (size_t i = 0; i < n; i++) {
		if (columns[i].column->title != NULL) {
			buf_cut(&text, 0);
			column_show(&columns[i], row, &text);
			table_cell(t, buf_text(&text));
		}
	}
	buf_release(&text);
}

/* A cell made safe, and its width. */
struct fitted {
	size_t at;
	size_t len;
	size_t width;
};

static struct fitted make_safe(const char *text, enum safe_form form, struct buf *out) {
	size_t at = out->len;

	if (text[0] == '\0') {
		buf_char(out, '-');
	} else {
		safe_text(text, strlen(text), form, out);
	}
	return (struct fitted){at, out->len - at, safe_width(buf_text(out) + at, out->len - at)};
}

static struct fitted *measure(struct table *t, enum safe_form form, struct buf *out) {
	struct fitted *cells = mem_new(t->cells, sizeof *cells);
	const char *text = buf_text(&t->text);

	for (size_t i = 0; i < t->cells; i++) {
		struct table_column *column = &t->columns[i % t->column_count];

		cells[i] = make_safe(text, form, out);
		column->width = cells[i].width > column->width ? cells[i].width : column->width;
		text += strlen(text) + 1;
	}
	return cells;
}

static void blanks(FILE *file, size_t n) {
	(void)fprintf(file, "%*s", (int)n, "");
}

/* Prints a cell in its column, after the blanks owed from before, which are written only when text follows.
 * Returns the blanks that it owes. */
static size_t print_cell(
    FILE *file, const struct table_column *column, const char *text, const struct fitted *cell, size_t owed) {
	size_t room = column->width - cell->width;

	if (cell->len == 0) {
		return owed + room + 2;
	}
	blanks(file, owed + (column->right ? room : 0));
	(void)fwrite(text, 1, cell->len, file);
	return (column->right ? 0 : room) + 2;
}

static void print_header(struct table *t, FILE *file) {
	size_t owed = 0;
	bool any = false;

	for (size_t i = 0; i < t->column_count; i++) {
		const char *header = t->columns[i].header;

		if (header != NULL) {
			const struct fitted cell = {0, strlen(header), safe_width(header, strlen(header))};

			owed = print_cell(file, &t->columns[i], header, &cell, owed);
			any = true;
		}
	}
	if (any) {
		(void)fputc('\n', file);
	}
}

static void widen_for_headers(struct table *t) {
	for (size_t i = 0; i < t->column_count; i++) {
		const char *header = t->columns[i].header;
		size_t width = header == NULL ? 0 : safe_width(header, strlen(header));

		t->columns[i].width = width > t->columns[i].width ? width : t->columns[i].width;
	}
}

void table_print(struct table *t, enum safe_form form, FILE *file) {
	struct buf safe = {0};

	assert(t->cells == 0 || t->cells % t->column_count == 0);
	struct fitted *cells = measure(t, form, &safe);

	if (!t->begun) {
		widen_for_headers(t);
		print_header(t, file);
		t->begun = true;
	}
	for (size_t i = 0, owed = 0; i < t->cells; i++) {
		size_t column = i % t->column_count;

		owed = print_cell(file, &t->columns[column], buf_text(&safe) + cells[i].at, &cells[i],
		    column == 0 ? 0 : owed);
		if (column + 1 == t->column_count) {
			(void)fputc('\n', file);
		}
	}
	free(cells);
	buf_release(&safe);
	buf_cut(&t->text, 0);
	t->cells = 0;
}

void table_release(struct table *t) {
	free(t->columns);
	buf_release(&t->text);
	*t = (struct table){0};
}
