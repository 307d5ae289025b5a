#include "ui/verbs/import_report.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "ui/cli/record.h"
#include "ui/cli/run.h"

static int64_t member(const json_t *object, const char *name) {
	return json_integer_value(json_object_get(object, name));
}

/* A refused row; texts are borrowed from the answer, except `error`. */
struct refused {
	int64_t line;
	const char *pool;
	const char *held;  /* the range or value */
	const char *error; /* an object */
	const char *message;
};

#define REFUSED_FIELDS 5

static const struct field range_fields[REFUSED_FIELDS] = {
    {"line", FIELD_INT, offsetof(struct refused, line), NULL},
    {"pool", FIELD_TEXT, offsetof(struct refused, pool), NULL},
    {"range", FIELD_TEXT, offsetof(struct refused, held), NULL},
    {"error", FIELD_JSON, offsetof(struct refused, error), NULL},
    {"message", FIELD_TEXT, offsetof(struct refused, message), NULL},
};
static const struct field lease_fields[REFUSED_FIELDS] = {
    {"line", FIELD_INT, offsetof(struct refused, line), NULL},
    {"pool", FIELD_TEXT, offsetof(struct refused, pool), NULL},
    {"value", FIELD_TEXT, offsetof(struct refused, held), NULL},
    {"error", FIELD_JSON, offsetof(struct refused, error), NULL},
    {"message", FIELD_TEXT, offsetof(struct refused, message), NULL},
};
static const struct row_type range_row = {"refused", sizeof(struct refused), range_fields, REFUSED_FIELDS};
static const struct row_type lease_row = {"refused", sizeof(struct refused), lease_fields, REFUSED_FIELDS};

static void show_message(const void *row, struct buf *out) {
	buf_puts(out, ((const struct refused *)row)->message);
}

static const struct column range_columns[] = {
    {"line", "LINE"}, {"pool", "POOL"}, {"range", "RANGE"}, {"error", "WHY", .show = show_message}, {0}};
static const struct column lease_columns[] = {
    {"line", "LINE"}, {"pool", "POOL"}, {"value", "VALUE"}, {"error", "WHY", .show = show_message}, {0}};
static const struct shape range_shape = {&range_row, range_columns};
static const struct shape lease_shape = {&lease_row, lease_columns};

static const char *text_of(const json_t *object, const char *name) {
	const char *text = json_string_value(json_object_get(object, name));

	return text == NULL ? "" : text;
}

/* Adds the refused rows to the answer. */
static void add_refused(struct record *record, enum import_what what, const json_t *rows) {
	const struct shape *shape = what == IMPORT_LEASES ? &lease_shape : &range_shape;
	size_t count = json_array_size(rows);
	struct refused *refused = mem_new(count, sizeof *refused);
	char **errors = mem_new(count, sizeof *errors);

	for (size_t i = 0; i < count; i++) {
		const json_t *row = json_array_get(rows, i);
		const json_t *error = json_object_get(row, "error");

		errors[i] = json_dumps(error, JSON_COMPACT);
		refused[i] = (struct refused){
		    .line = member(row, "line"),
		    .pool = text_of(row, "pool"),
		    .held = text_of(row, what == IMPORT_LEASES ? "value" : "range"),
		    .error = errors[i],
		    .message = text_of(error, "message"),
		};
	}
	record_list(record, "rows", shape, rows_of_array(refused, sizeof *refused, count));
	for (size_t i = 0; i < count; i++) {
		free(errors[i]);
	}
	free(errors);
	free(refused);
}

/* Notes what exists already and keeps other labels, exclusions or terms than those in the file. */
static void note_differing(const struct import_report *report, const struct run *run) {
	bool one = report->differs == 1;
	struct buf place = {0};

	if (report->differs == 0) {
		return;
	}
	if (run->line > 0) {
		buf_printf(&place, "line %" PRId64 ": ", run->line);
	}
	if (report->what == IMPORT_RANGES) {
		run_note(run,
		    "%s%" PRId64 " of the existing ranges %s other labels or exclusions than in the file, "
		    "the first on line %" PRId64 "; they stay as they are",
		    buf_text(&place), report->differs, one ? "has" : "have", report->differing);
	} else {
		run_note(run,
		    "%s%" PRId64 " of the existing leases %s from the file, the first on line %" PRId64
		    "; they stay as they are",
		    buf_text(&place), report->differs, one ? "differs" : "differ", report->differing);
	}
	buf_release(&place);
}

bool report_take(struct import_report *report, const char *document, struct err *err) {
	json_t *json = json_loads(document, 0, NULL);

	if (json == NULL) {
		return err_set(err, ERR_INTERNAL, "the answer to the import is not JSON");
	}
	report->imported += member(json, "imported");
	report->replayed += member(json, "replayed");
	report->differs += member(json, "differs");
	if (report->differing == 0) {
		report->differing = member(json, "differing");
	}
	if (report->rows == NULL) {
		report->rows = json_array();
	}
	json_array_extend(report->rows, json_object_get(json, "rows"));
	json_decref(json);
	return true;
}

bool report_print(struct import_report *report, struct run *run, struct err *err) {
	struct record *record = record_new();
	size_t refused = json_array_size(report->rows);

	record_int(record, "imported", report->imported);
	record_int(record, "replayed", report->replayed);
	record_int(record, "refused", (int64_t)refused);
	record_int(record, "differs", report->differs);
	record_int(record, "skipped", run->passed);
	add_refused(record, report->what, report->rows);
	note_differing(report, run);
	if (run->passed > 0) {
		run_note(run, "rows that hold nothing to bring in: %s", run->passed_text);
	}
	run->exit = refused > 0 ? 1 : 0;
	report_release(report);
	return record_print(record, &run->sink, err);
}

void report_release(struct import_report *report) {
	json_decref(report->rows);
	report->rows = NULL;
}
