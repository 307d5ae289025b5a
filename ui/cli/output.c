#include "ui/cli/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/text/csv.h"
#include "model/text/json.h"
#include "ui/cli/record.h"
#include "ui/cli/table.h"

/* Bytes that are kept before they are written. */
#define CHUNK ((size_t)64 * 1024)

enum { BRIEF_ROWS = 3 }; /* of a list in few words, which says then how many there are */

struct list {
	struct sink sink;
	struct bound_column *columns;
	size_t column_count;
	size_t named; /* columns that CSV has */
	size_t rows;
	struct buf out;     /* JSON and CSV not yet written */
	struct buf scratch; /* one value */
	struct table table;
};

static bool lost(int why, struct err *err) {
	return err_set(err, ERR_INTERNAL, "the output could not be written: %s",
	    why == 0 ? "an earlier part was lost" : strerror(why));
}

bool output_flush(FILE *file, struct err *err) {
	errno = 0;
	bool failed = ferror(file) != 0;

	return (fflush(file) == 0 && !failed) || lost(errno, err);
}

bool output_text(FILE *file, const char *text, size_t n, struct err *err) {
	errno = 0;
	return fwrite(text, 1, n, file) == n ? output_flush(file, err) : lost(errno, err);
}

static void write_out(struct list *list) {
	(void)fwrite(buf_text(&list->out), 1, list->out.len, list->sink.file);
	buf_cut(&list->out, 0);
}

void output_csv(struct buf *out, size_t index, size_t count, const char *text) {
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

static void begin_csv(struct list *list) {
	size_t index = 0;

	for (size_t i = 0; i < list->column_count; i++) {
		list->named += list->columns[i].column->name != NULL ? 1 : 0;
	}
	for (size_t i = 0; i < list->column_count; i++) {
		if (list->columns[i].column->name != NULL) {
			output_csv(&list->out, index++, list->named, list->columns[i].column->name);
		}
	}
}

struct list *list_begin(const struct sink *sink, const struct shape *shape) {
	struct list *list = mem_new(1, sizeof *list);

	list->sink = *sink;
	list->columns = shape_bind(shape, &list->column_count);
	switch (sink->format) {
	case FORMAT_JSON:
		buf_char(&list->out, '[');
		break;
	case FORMAT_CSV:
		begin_csv(list);
		break;
	case FORMAT_TABLE:
		table_add_columns(&list->table, list->columns, list->column_count);
		break;
	case FORMAT_BRIEF:
		break;
	}
	return list;
}

static void row_json(struct list *list, const void *row) {
	struct json j = {.out = &list->out};

	buf_puts(&list->out, list->rows == 0 ? "\n" : ",\n");
	columns_json(list->columns, list->column_count, row, &j);
}

static void row_csv(struct list *list, const void *row) {
	size_t index = 0;

	for (size_t i = 0; i < list->column_count; i++) {
		if (list->columns[i].column->name != NULL) {
			buf_cut(&list->scratch, 0);
			bool given = column_exact(&list->columns[i], row, &list->scratch);

			output_csv(&list->out, index++, list->named, given ? buf_text(&list->scratch) : NULL);
		}
	}
}

static void row_table(struct list *list, const void *row) {
	table_add_row(&list->table, list->columns, list->column_count, row);
}

/* Appends the brief columns of one of the first rows, with a blank between. */
static void row_brief(struct list *list, const void *row) {
	const char *between = list->rows == 0 ? "" : "; ";

	for (size_t i = 0; i < list->column_count && list->rows < BRIEF_ROWS; i++) {
		buf_cut(&list->scratch, 0);
		if (list->columns[i].column->brief) {
			column_show(&list->columns[i], row, &list->scratch);
		}
		if (list->scratch.len > 0) {
			buf_printf(&list->out, "%s%s", between, buf_text(&list->scratch));
			between = " ";
		}
	}
}

void list_row(struct list *list, const void *row) {
	static void (*const by_format[])(struct list *, const void *) = {[FORMAT_TABLE] = row_table,
	    [FORMAT_JSON] = row_json,
	    [FORMAT_CSV] = row_csv,
	    [FORMAT_BRIEF] = row_brief};

	by_format[list->sink.format](list, row);
	list->rows++;
	if (list->out.len >= CHUNK) {
		write_out(list);
	}
}

bool list_flush(struct list *list, struct err *err) {
	if (list->sink.format == FORMAT_TABLE) {
		table_print(&list->table, list->sink.form, list->sink.file);
	}
	write_out(list);
	return output_flush(list->sink.file, err);
}

bool list_end(struct list *list, struct err *err) {
	if (list->sink.format == FORMAT_JSON) {
		buf_puts(&list->out, list->rows == 0 ? "]\n" : "\n]\n");
	} else if (list->sink.format == FORMAT_BRIEF && list->rows > BRIEF_ROWS) {
		buf_printf(&list->out, "; %zu in all\n", list->rows);
	} else if (list->sink.format == FORMAT_BRIEF) {
		buf_char(&list->out, '\n');
	}
	bool ok = list_flush(list, err);

	free(list->columns);
	buf_release(&list->out);
	buf_release(&list->scratch);
	table_release(&list->table);
	free(list);
	return ok;
}

bool output_list(const struct sink *sink, const struct shape *shape, struct rows rows, struct err *err) {
	struct list *list = list_begin(sink, shape);

	for (size_t i = 0; i < rows.count; i++) {
		list_row(list, rows.at(&rows, i));
	}
	return list_end(list, err);
}

bool output_one(const struct sink *sink, const struct shape *shape, const void *row, struct err *err) {
	struct record *record = record_new();

	record_row(record, shape, row);
	return record_print(record, sink, err);
}
