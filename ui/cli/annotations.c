#include "ui/cli/annotations.h"

#include <jansson.h>

#include "db/batch/batch.h"
#include "db/base/err.h"
#include "model/metadata.h"
#include "ui/verbs/parse/args.h"
#include "ui/cli/record.h"
#include "ui/cli/lookup.h"
#include "ui/cli/run.h"

static const char *object_of(const struct batch *b, size_t step) {
	const struct document *document = batch_row(b, step, 0);

	return document->document;
}

void annotations_put(struct record *record, const struct batch *b, size_t step) {
	record_raw(record, "annotations", object_of(b, step));
}

static bool show(struct run *run, const struct shape *shape, const void *row, struct id id, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	size_t step = metadata_show_add(b, METADATA_ANNOTATION, id);
	bool ok = run_batch(run, b, err);

	if (ok) {
		struct record *record = record_new();

		record_row(record, shape, row);
		annotations_put(record, b, step);
		ok = record_print(record, &run->sink, err);
	}
	batch_free(b);
	return ok;
}

bool annotations_show(struct run *run, enum target_kind kind, const struct shape *shape, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	bool ok = lookup_row(run, operand(run->args, 0), kind, b, err);

	if (ok) {
		const void *row = batch_row(b, 0, 0);

		ok = show(run, shape, row, *(const struct id *)row, err);
	}
	batch_free(b);
	return ok;
}

bool annotations_print(struct run *run, const struct batch *b, size_t step, struct err *err) {
	json_t *object = json_loads(object_of(b, step), 0, NULL);
	struct record *record = record_new();
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) {
		record_text(record, key, json_string_value(value));
	}
	if (object == NULL) {
		record_free(record);
		return err_set(err, ERR_INTERNAL, "the server's answer is not an object");
	}
	json_decref(object);
	return record_print(record, &run->sink, err);
}
