#include "ui/cli/families.h"

#include <jansson.h>
#include <stdlib.h>

#include "db/batch.h"
#include "db/buf.h"
#include "db/err.h"
#include "model/import.h"
#include "ui/cli/args.h"
#include "ui/cli/detail.h"
#include "ui/cli/doc.h"
#include "ui/cli/file.h"
#include "ui/cli/opt.h"
#include "ui/cli/run.h"

static const char *const on_conflict_names[] = {"abort", "skip", NULL};

static int64_t member(const json_t *object, const char *name) {
	return json_integer_value(json_object_get(object, name));
}

/* A refusal of the server's says its line in its detail. */
static void find_line(struct err *err) {
	json_t *detail = err->detail == NULL ? NULL : json_loads(err->detail, 0, NULL);

	if (detail != NULL) {
		err->line = member(detail, "line");
	}
	json_decref(detail);
}

/* One line a refused row, for people. */
static void tell_refused(const struct run *run, const json_t *rows) {
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		run_note(run, "line %lld: %s", (long long)member(row, "line"),
		    json_string_value(json_object_get(json_object_get(row, "error"), "message")));
	}
}

static bool print_answer(struct run *run, const struct document *answer, struct err *err) {
	json_t *json = json_loads(answer->document, 0, NULL);
	struct doc *doc = doc_new();
	char *rows;
	bool ok;

	if (json == NULL) {
		doc_free(doc);
		return err_set(err, ERR_INTERNAL, "the import answered with what is not JSON");
	}
	rows = json_dumps(json_object_get(json, "rows"), JSON_COMPACT | JSON_PRESERVE_ORDER);
	doc_int(doc, "imported", member(json, "imported"));
	doc_int(doc, "replayed", member(json, "replayed"));
	doc_int(doc, "refused", member(json, "refused"));
	doc_show(doc, "rows", rows, "");
	run->exit = member(json, "refused") > 0 ? 1 : 0;
	ok = doc_print(doc, &run->sink, err);
	if (ok && run->sink.format == FORMAT_TABLE) {
		tell_refused(run, json_object_get(json, "rows"));
	}
	free(rows);
	json_decref(json);
	return ok;
}

static bool run_import(struct run *run, struct err *err) {
	struct buf file = {0}, rows = {0};
	char *detail = NULL;
	struct id id;
	int skip = 0;
	struct batch *b = run_changes(run);
	bool ok = opt_enum(run->args, OPT_ON_CONFLICT, on_conflict_names, 0, &skip, err) &&
		  run_id(run, &id, err) && detail_of(run->args, &detail, err) &&
		  file_read(operand(run->args, 0), &file, err) &&
		  import_read(buf_text(&file), file.len, skip == 1, &rows, err);

	if (ok) {
		import_add(b, id, buf_text(&rows), skip == 1, detail);
		ok = run_batch(run, b, err);
		if (ok) {
			ok = print_answer(run, batch_row(b, 0, 0), err);
		} else {
			find_line(err);
		}
	}
	batch_free(b);
	buf_release(&file);
	buf_release(&rows);
	free(detail);
	return ok;
}

const struct command command_pool_import = {
    .words = "pool import",
    .synopsis = "FILE|-",
    .summary = "import ranges from CSV",
    .notes = "The header is pool,kind,range[,space,labels]; labels (a=b;c=d) are the resource's.\n"
	     "Of ranges that overlap the earlier stands: --on-conflict skip reports the others,\n"
	     "abort (the default) imports nothing and names the first.\n",
    .options = (const enum option_id[]){OPT_ON_CONFLICT, OPT_END},
    .min = 1,
    .max = 1,
    .flags = COMMAND_MUTATES | COMMAND_BATCH,
    .run = run_import,
};
