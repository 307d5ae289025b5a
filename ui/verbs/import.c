#include "ui/verbs/verb.h"

#include <inttypes.h>
#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/import.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/context.h"
#include "ui/cli/record.h"
#include "ui/verbs/parse/file.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"

static const char *const on_conflict_names[] = {"abort", "skip", NULL};

static int64_t member(const json_t *object, const char *name) {
	return json_integer_value(json_object_get(object, name));
}

/* Sets the line of a refusal from the server, which is in its detail. In a batch the line is that of the
 * batch file. */
static void find_line(struct run *run, struct err *err) {
	json_t *detail = err->detail == NULL ? NULL : json_loads(err->detail, 0, NULL);

	if (detail != NULL && run->line == 0) {
		err->line = member(detail, "line");
	}
	json_decref(detail);
}

/* A refused row; texts are borrowed from the answer, except `error`. */
struct refused {
	int64_t line;
	const char *pool;
	const char *range;
	const char *error; /* an object */
	const char *message;
};

static const struct field refused_fields[] = {
    {"line", FIELD_INT, offsetof(struct refused, line), NULL},
    {"pool", FIELD_TEXT, offsetof(struct refused, pool), NULL},
    {"range", FIELD_TEXT, offsetof(struct refused, range), NULL},
    {"error", FIELD_JSON, offsetof(struct refused, error), NULL},
    {"message", FIELD_TEXT, offsetof(struct refused, message), NULL},
};
static const struct row_type refused_row = {
    "refused", sizeof(struct refused), refused_fields, sizeof refused_fields / sizeof *refused_fields};

static void show_message(const void *row, struct buf *out) {
	buf_puts(out, ((const struct refused *)row)->message);
}

static const struct column refused_columns[] = {
    {"line", "LINE"}, {"pool", "POOL"}, {"range", "RANGE"}, {"error", "WHY", .show = show_message}, {0}};
static const struct shape refused_shape = {&refused_row, refused_columns};

static const char *text_of(const json_t *object, const char *name) {
	const char *text = json_string_value(json_object_get(object, name));

	return text == NULL ? "" : text;
}

/* Adds the refused rows to the answer. */
static void add_refused(struct record *record, const json_t *rows) {
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
		    .range = text_of(row, "range"),
		    .error = errors[i],
		    .message = text_of(error, "message"),
		};
	}
	record_list(record, "rows", &refused_shape, rows_of_array(refused, sizeof *refused, count));
	for (size_t i = 0; i < count; i++) {
		free(errors[i]);
	}
	free(errors);
	free(refused);
}

/* Notes ranges that exist already and keep other labels or exclusions than those in the file. */
static void note_differing(const struct run *run, const json_t *answer) {
	int64_t count = member(answer, "differs");
	struct buf place = {0};

	if (count == 0) {
		return;
	}
	if (run->line > 0) {
		buf_printf(&place, "line %" PRId64 ": ", run->line);
	}
	run_note(run,
	    "%s%" PRId64 " of the existing ranges %s other labels or exclusions than in the file, the first "
	    "on line %" PRId64 "; they stay as they are",
	    buf_text(&place), count, count == 1 ? "has" : "have", member(answer, "differing"));
	buf_release(&place);
}

static bool answer_import(struct run *run, const struct batch *b, struct err *err) {
	const struct document *answer = batch_row(b, run->step, 0);
	json_t *json = json_loads(answer->document, 0, NULL);
	struct record *record;

	if (json == NULL) {
		return err_set(err, ERR_INTERNAL, "the answer to the import is not JSON");
	}
	record = record_new();
	record_int(record, "imported", member(json, "imported"));
	record_int(record, "replayed", member(json, "replayed"));
	record_int(record, "refused", member(json, "refused"));
	record_int(record, "differs", member(json, "differs"));
	add_refused(record, json_object_get(json, "rows"));
	note_differing(run, json);
	run->exit = member(json, "refused") > 0 ? 1 : 0;
	json_decref(json);
	return record_print(record, &run->sink, err);
}

/* Refuses standard input in a batch, which may be read from there. */
static bool check_file(const struct run *run, struct err *err) {
	return run->line == 0 || strcmp(operand(run->args, 0), "-") != 0 ||
	       err_set(err, ERR_INVALID_INPUT, "pool import -: not in a line of a batch");
}

/* Sets the line of an error. In a batch that is the line of the batch file, and the message names the line of
 * the ranges. */
static bool blame(const struct run *run, struct err *err) {
	if (run->line != 0 && err->line != 0) {
		char *message =
		    mem_print("\"%s\", line %" PRId64 ": %s", operand(run->args, 0), err->line, err->message);

		free(err->message);
		err->message = message;
	}
	return false;
}

static bool add_import(struct run *run, struct batch *b, struct err *err) {
	struct buf file = {0}, rows = {0};
	char *detail = NULL;
	struct id id;
	int skip = 0;
	bool ok = opt_enum(run->args, OPT_ON_CONFLICT, on_conflict_names, 0, &skip, err) &&
		  run_id(run, &id, err) && context_read(run->args, &detail, err) && check_file(run, err) &&
		  file_read(operand(run->args, 0), &file, err) &&
		  (import_read(buf_text(&file), file.len, skip == 1, &rows, err) || blame(run, err));

	if (ok) {
		import_add(b, id, buf_text(&rows), skip == 1, detail);
	}
	buf_release(&file);
	buf_release(&rows);
	free(detail);
	return ok;
}

const struct verb import_verbs[] = {
    {
	.words = "pool import",
	.examples = "berth pool import ranges.csv --on-conflict skip\n"
		    "berth pool import - < ranges.csv\n",
	.synopsis = "FILE|-",
	.summary = "import ranges from CSV",
	.notes = "The header is pool,kind,range[,space,labels,exclude]; labels (a=b;c=d) are those of the\n"
		 "resource, and exclude (10.0.0.1;10.0.0.240/28) keeps values of the range back.\n"
		 "Of overlapping ranges the earlier one counts: --on-conflict skip reports the others,\n"
		 "abort (the default) imports nothing and names the first. An existing range is replayed\n"
		 "and keeps its labels and exclusions: differs counts those with others in the file.\n",
	.options = (const enum option_id[]){OPT_ON_CONFLICT, OPT_END},
	.min = 1,
	.max = 1,
	.flags = VERB_MUTATES | VERB_TELLS_ID,
	.add = add_import,
	.answer = answer_import,
	.explain = find_line,
    },
    {0},
};
