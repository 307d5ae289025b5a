#include "ui/cli/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "model/text/json.h"
#include "ui/cli/table.h"

struct part {
	char *name;
	char *json; /* its JSON value */
	char *text; /* exact, for CSV; NULL: null */
	char *show; /* for tables */
	bool brief;
	struct table table; /* of a list that has rows */
};

struct record {
	struct part *parts;
	size_t count;
};

struct record *record_new(void) {
	return mem_new(1, sizeof(struct record));
}

void record_free(struct record *record) {
	for (size_t i = 0; record != NULL && i < record->count; i++) {
		struct part *part = &record->parts[i];

		free(part->name);
		free(part->json);
		free(part->text);
		free(part->show);
		table_release(&part->table);
	}
	if (record != NULL) {
		free(record->parts);
	}
	free(record);
}

/* Takes the texts. */
static struct part *add(struct record *record, const char *name, char *json, char *text, char *show) {
	record->parts = mem_grow(record->parts, record->count + 1, sizeof record->parts[0]);
	record->parts[record->count] = (struct part){mem_text(name), json, text, show, false, {0}};
	return &record->parts[record->count++];
}

static void add_column(struct record *record, const struct bound_column *column, const void *row) {
	struct buf json = {0};
	struct buf text = {0};
	struct buf show = {0};
	struct json j = {.out = &json};
	bool given = column_exact(column, row, &text);

	column_json(column, row, &j);
	column_show(column, row, &show);
	add(record, column->column->name, buf_take(&json), given ? buf_take(&text) : NULL, buf_take(&show))
	    ->brief = column->column->brief;
	buf_release(&text);
}

void record_row(struct record *record, const struct shape *shape, const void *row) {
	size_t n = 0;
	struct bound_column *columns = shape_bind(shape, &n);

	for (size_t i = 0; i < n; i++) {
		if (columns[i].column->name != NULL) {
			add_column(record, &columns[i], row);
		}
	}
	free(columns);
}

/* Adds a single member, which is a row of one column. */
static void add_single(struct record *record, const char *name, enum field_type type, const void *value) {
	const struct field field = {name, type, 0, NULL};
	const struct row_type row = {name, 0, &field, 1};
	const struct column columns[] = {{.name = name}, {0}};
	const struct shape shape = {&row, columns};

	record_row(record, &shape, value);
}

void record_text(struct record *record, const char *name, const char *text) {
	add_single(record, name, FIELD_TEXT, &text);
}

void record_int(struct record *record, const char *name, int64_t number) {
	add_single(record, name, FIELD_INT, &number);
}

void record_bool(struct record *record, const char *name, bool flag) {
	add_single(record, name, FIELD_BOOL, &flag);
}

void record_raw(struct record *record, const char *name, const char *json) {
	add_single(record, name, FIELD_JSON, &json);
}

void record_show(struct record *record, const char *name, const char *json, const char *show) {
	add(record, name, mem_text(json == NULL ? "null" : json), mem_text(json),
	    mem_text(show == NULL ? "" : show));
}

void record_list(struct record *record, const char *name, const struct shape *shape, struct rows rows) {
	struct table table = {0};
	struct buf json = {0};
	struct json j = {.out = &json};
	size_t n = 0;
	struct bound_column *columns = shape_bind(shape, &n);

	table_add_columns(&table, columns, n);
	json_open_array(&j);
	for (size_t i = 0; i < rows.count; i++) {
		columns_json(columns, n, rows.at(&rows, i), &j);
		table_add_row(&table, columns, n, rows.at(&rows, i));
	}
	json_close_array(&j);
	free(columns);
	add(record, name, mem_text(buf_text(&json)), mem_text(buf_text(&json)), mem_text(""))->table = table;
	buf_release(&json);
}

static void print_json(const struct record *record, FILE *file) {
	for (size_t i = 0; i < record->count; i++) {
		struct buf key = {0};
		struct json j = {.out = &key};

		json_put_key(&j, record->parts[i].name);
		(void)fprintf(file, "%s%s%s", i == 0 ? "{" : ",", buf_text(&key), record->parts[i].json);
		buf_release(&key);
	}
	(void)fputs(record->count == 0 ? "{}" : "}", file);
}

static void print_table(struct record *record, enum safe_form form, FILE *file) {
	struct table lines = {0};

	table_column(&lines, NULL, false);
	table_column(&lines, NULL, false);
	for (size_t i = 0; i < record->count; i++) {
		if (record->parts[i].table.cells == 0) {
			table_cell(&lines, record->parts[i].name);
			table_cell(&lines, record->parts[i].show);
		}
	}
	bool any = lines.cells > 0;

	table_print(&lines, form, file);
	table_release(&lines);
	for (size_t i = 0; i < record->count; i++) {
		if (record->parts[i].table.cells > 0) {
			(void)fprintf(file, "%s%s:\n", any ? "\n" : "", record->parts[i].name);
			table_print(&record->parts[i].table, form, file);
			any = true;
		}
	}
}

static void print_csv(const struct record *record, FILE *file) {
	struct buf out = {0};

	for (size_t i = 0; i < record->count; i++) {
		output_csv(&out, i, record->count, record->parts[i].name);
	}
	for (size_t i = 0; i < record->count; i++) {
		output_csv(&out, i, record->count, record->parts[i].text);
	}
	(void)fwrite(buf_text(&out), 1, out.len, file);
	buf_release(&out);
}

static bool has_brief(const struct record *record) {
	for (size_t i = 0; i < record->count; i++) {
		if (record->parts[i].brief) {
			return true;
		}
	}
	return false;
}

/* Prints "VALUE VALUE" of the brief parts; where there are none "NAME VALUE, NAME VALUE" of all that have
 * one. */
static void print_brief(const struct record *record, FILE *file) {
	bool brief = has_brief(record);
	const char *between = "";

	for (size_t i = 0; i < record->count; i++) {
		const struct part *part = &record->parts[i];

		if (part->show[0] != '\0' && part->brief == brief) {
			(void)fprintf(
			    file, "%s%s%s%s", between, brief ? "" : part->name, brief ? "" : " ", part->show);
			between = brief ? " " : ", ";
		}
	}
	(void)fputc('\n', file);
}

bool record_print(struct record *record, const struct sink *sink, struct err *err) {
	switch (sink->format) {
	case FORMAT_JSON:
		print_json(record, sink->file);
		(void)fputc('\n', sink->file);
		break;
	case FORMAT_CSV:
		print_csv(record, sink->file);
		break;
	case FORMAT_TABLE:
		print_table(record, sink->form, sink->file);
		break;
	case FORMAT_BRIEF:
		print_brief(record, sink->file);
		break;
	}
	record_free(record);
	return output_flush(sink->file, err);
}
