#include "ui/cli/record.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/text/field.h"
#include "model/text/json.h"
#include "ui/cli/table.h"

struct member {
	char *name;
	char *json; /* its JSON value */
	char *text; /* exact, for CSV; NULL: null */
	char *show; /* for tables */
	bool brief;
	struct table table; /* of a list that has rows */
};

struct doc {
	struct member *members;
	size_t count;
};

struct doc *doc_new(void) {
	return mem_new(1, sizeof(struct doc));
}

void doc_free(struct doc *doc) {
	for (size_t i = 0; doc != NULL && i < doc->count; i++) {
		struct member *m = &doc->members[i];

		free(m->name);
		free(m->json);
		free(m->text);
		free(m->show);
		table_release(&m->table);
	}
	if (doc != NULL) {
		free(doc->members);
	}
	free(doc);
}

/* Takes the texts. */
static struct member *add(struct doc *doc, const char *name, char *json, char *text, char *show) {
	doc->members = mem_grow(doc->members, doc->count + 1, sizeof doc->members[0]);
	doc->members[doc->count] = (struct member){mem_text(name), json, text, show, false, {0}};
	return &doc->members[doc->count++];
}

static void add_cell(struct doc *doc, const struct cell *cell, const void *row) {
	struct buf json = {0};
	struct buf text = {0};
	struct buf show = {0};
	struct json j = {.out = &json};
	bool given = cell_text(cell, row, &text);

	cell_json(cell, row, &j);
	cell_show(cell, row, &show);
	add(doc, cell->column->name, buf_take(&json), given ? buf_take(&text) : NULL, buf_take(&show))
	    ->brief = cell->column->brief;
	buf_release(&text);
}

void doc_row(struct doc *doc, const struct shape *shape, const void *row) {
	size_t n = 0;
	struct cell *cells = cells_new(shape, &n);

	for (size_t i = 0; i < n; i++) {
		if (cells[i].column->name != NULL) {
			add_cell(doc, &cells[i], row);
		}
	}
	free(cells);
}

/* A single member is a row of one column. */
static void add_single(struct doc *doc, const char *name, enum field_type type, const void *value) {
	const struct field field = {name, type, 0, NULL};
	const struct row_type row = {name, 0, &field, 1};
	const struct column columns[] = {{.name = name}, {0}};
	const struct shape shape = {&row, columns};

	doc_row(doc, &shape, value);
}

void doc_text(struct doc *doc, const char *name, const char *text) {
	add_single(doc, name, FIELD_TEXT, &text);
}

void doc_int(struct doc *doc, const char *name, int64_t number) {
	add_single(doc, name, FIELD_INT, &number);
}

void doc_real(struct doc *doc, const char *name, double number) {
	add_single(doc, name, FIELD_REAL, &number);
}

void doc_bool(struct doc *doc, const char *name, bool flag) {
	add_single(doc, name, FIELD_BOOL, &flag);
}

void doc_time(struct doc *doc, const char *name, int64_t time) {
	add_single(doc, name, FIELD_TIME, &time);
}

void doc_id(struct doc *doc, const char *name, struct id id) {
	add_single(doc, name, FIELD_ID, &id);
}

void doc_raw(struct doc *doc, const char *name, const char *json) {
	add_single(doc, name, FIELD_JSON, &json);
}

void doc_show(struct doc *doc, const char *name, const char *json, const char *show) {
	add(doc, name, mem_text(json == NULL ? "null" : json), mem_text(json),
	    mem_text(show == NULL ? "" : show));
}

void doc_list(struct doc *doc, const char *name, const struct shape *shape, struct rows rows) {
	struct table table = {0};
	struct buf json = {0};
	struct json j = {.out = &json};
	size_t n = 0;
	struct cell *cells = cells_new(shape, &n);

	cells_columns(cells, n, &table);
	json_open_array(&j);
	for (size_t i = 0; i < rows.count; i++) {
		cells_json(cells, n, rows.at(&rows, i), &j);
		cells_table(cells, n, rows.at(&rows, i), &table);
	}
	json_close_array(&j);
	free(cells);
	add(doc, name, mem_text(buf_text(&json)), mem_text(buf_text(&json)), mem_text(""))->table = table;
	buf_release(&json);
}

static void print_json(const struct doc *doc, FILE *file) {
	for (size_t i = 0; i < doc->count; i++) {
		struct buf key = {0};
		struct json j = {.out = &key};

		json_put_key(&j, doc->members[i].name);
		(void)fprintf(file, "%s%s%s", i == 0 ? "{" : ",", buf_text(&key), doc->members[i].json);
		buf_release(&key);
	}
	(void)fputs(doc->count == 0 ? "{}" : "}", file);
}

static void print_table(struct doc *doc, enum safe_form form, FILE *file) {
	struct table lines = {0};

	table_column(&lines, NULL, false);
	table_column(&lines, NULL, false);
	for (size_t i = 0; i < doc->count; i++) {
		if (doc->members[i].table.cells == 0) {
			table_cell(&lines, doc->members[i].name);
			table_cell(&lines, doc->members[i].show);
		}
	}
	bool any = lines.cells > 0;

	table_print(&lines, form, file);
	table_release(&lines);
	for (size_t i = 0; i < doc->count; i++) {
		if (doc->members[i].table.cells > 0) {
			(void)fprintf(file, "%s%s:\n", any ? "\n" : "", doc->members[i].name);
			table_print(&doc->members[i].table, form, file);
			any = true;
		}
	}
}

static void print_csv(const struct doc *doc, FILE *file) {
	struct buf out = {0};

	for (size_t i = 0; i < doc->count; i++) {
		cell_csv(&out, i, doc->count, doc->members[i].name);
	}
	for (size_t i = 0; i < doc->count; i++) {
		cell_csv(&out, i, doc->count, doc->members[i].text);
	}
	(void)fwrite(buf_text(&out), 1, out.len, file);
	buf_release(&out);
}

static bool has_brief(const struct doc *doc) {
	for (size_t i = 0; i < doc->count; i++) {
		if (doc->members[i].brief) {
			return true;
		}
	}
	return false;
}

/* "VALUE VALUE" of the brief members; where there are none "NAME VALUE, NAME VALUE" of all that have one. */
static void print_brief(const struct doc *doc, FILE *file) {
	bool brief = has_brief(doc);
	const char *between = "";

	for (size_t i = 0; i < doc->count; i++) {
		const struct member *m = &doc->members[i];

		if (m->show[0] != '\0' && m->brief == brief) {
			(void)fprintf(
			    file, "%s%s%s%s", between, brief ? "" : m->name, brief ? "" : " ", m->show);
			between = brief ? " " : ", ";
		}
	}
	(void)fputc('\n', file);
}

bool doc_print(struct doc *doc, const struct sink *sink, struct err *err) {
	switch (sink->format) {
	case FORMAT_JSON:
		print_json(doc, sink->file);
		(void)fputc('\n', sink->file);
		break;
	case FORMAT_CSV:
		print_csv(doc, sink->file);
		break;
	case FORMAT_TABLE:
		print_table(doc, sink->form, sink->file);
		break;
	case FORMAT_BRIEF:
		print_brief(doc, sink->file);
		break;
	}
	doc_free(doc);
	return output_flush(sink->file, err);
}
