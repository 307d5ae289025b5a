#include "ui/cli/exposition.h"

#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "model/text/json.h"
#include "ui/cli/output.h"
#include "ui/text/column.h"

static const char *const type_names[] = {"gauge", "counter"};
static const char *const suffixes[] = {"", "_total"};

/* One sample of a list. */
struct sample {
	const char *name;
	const char *type;
	const char *labels; /* one JSON object */
	const char *value;  /* a JSON number */
};

static const struct field sample_fields[] = {
    {"name", FIELD_TEXT, offsetof(struct sample, name), NULL},
    {"type", FIELD_TEXT, offsetof(struct sample, type), NULL},
    {"labels", FIELD_JSON, offsetof(struct sample, labels), NULL},
    {"value", FIELD_JSON, offsetof(struct sample, value), NULL},
};
static const struct row_type row_sample = {
    "sample", sizeof(struct sample), sample_fields, sizeof sample_fields / sizeof *sample_fields};
static const struct column sample_columns[] = {{"name"}, {"type"}, {"labels"}, {"value"}, {NULL}};
static const struct shape sample_shape = {&row_sample, sample_columns, NULL};

struct exposition {
	const struct sink *sink;
	const struct metric *metric;
	struct list *list; /* NULL: as text */
	struct buf text;
};

struct exposition *exposition_begin(const struct sink *sink) {
	struct exposition *e = mem_new(1, sizeof *e);

	e->sink = sink;
	e->list = sink->format == FORMAT_TABLE ? NULL : list_begin(sink, &sample_shape);
	return e;
}

/* Appends a text as the values of labels and the texts of help are escaped. */
static void put_escaped(const char *text, struct buf *out) {
	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '\n') {
			buf_puts(out, "\\n");
		} else {
			buf_puts(out, *c == '\\' || *c == '"' ? "\\" : "");
			buf_char(out, *c);
		}
	}
}

void exposition_family(struct exposition *e, const struct metric *metric) {
	e->metric = metric;
	if (e->list != NULL) {
		return;
	}
	buf_printf(&e->text, "# TYPE %s %s\n", metric->name, type_names[metric->type]);
	if (metric->unit != NULL) {
		buf_printf(&e->text, "# UNIT %s %s\n", metric->name, metric->unit);
	}
	buf_printf(&e->text, "# HELP %s ", metric->name);
	put_escaped(metric->help, &e->text);
	buf_char(&e->text, '\n');
}

static void put_line(struct exposition *e, const struct metric_label *labels, size_t n, const char *value) {
	buf_printf(&e->text, "%s%s", e->metric->name, suffixes[e->metric->type]);
	for (size_t i = 0; i < n; i++) {
		buf_printf(&e->text, "%s%s=\"", i == 0 ? "{" : ",", labels[i].name);
		put_escaped(labels[i].value, &e->text);
		buf_char(&e->text, '"');
	}
	buf_printf(&e->text, "%s %s\n", n > 0 ? "}" : "", value);
}

static void put_row(struct exposition *e, const struct metric_label *labels, size_t n, const char *value) {
	struct buf object = {0}, name = {0};
	struct json j = {.out = &object};

	json_open_object(&j);
	for (size_t i = 0; i < n; i++) {
		json_put_key(&j, labels[i].name);
		json_put_text(&j, labels[i].value);
	}
	json_close_object(&j);
	buf_printf(&name, "%s%s", e->metric->name, suffixes[e->metric->type]);
	list_row(e->list,
	    &(struct sample){buf_text(&name), type_names[e->metric->type], buf_text(&object), value});
	buf_release(&name);
	buf_release(&object);
}

void exposition_sample(struct exposition *e, const struct metric_label *labels, size_t n, const char *value) {
	(e->list != NULL ? put_row : put_line)(e, labels, n, value);
}

bool exposition_end(struct exposition *e, struct err *err) {
	bool ok;

	if (e->list != NULL) {
		ok = list_end(e->list, err);
	} else {
		buf_puts(&e->text, "# EOF\n");
		ok = output_text(e->sink->file, e->text.text, e->text.len, err);
	}
	buf_release(&e->text);
	free(e);
	return ok;
}
