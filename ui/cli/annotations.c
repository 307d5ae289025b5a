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

bool annotations_look(struct run *run, enum target_kind kind, struct batch *b, struct err *err) {
	return lookup_add(b, operand(run->args, 0), kind, err);
}

bool annotations_add(struct run *run, enum target_kind kind, struct batch *b, struct err *err) {
	const char *text = operand(run->args, 0);
	struct id id;

	if (!lookup_found(run, 0, text, kind, &kind, &id, err) || !lookup_add(b, text, kind, err)) {
		return false;
	}
	metadata_show_add(b, METADATA_ANNOTATION, id);
	return true;
}

bool annotations_answer(struct run *run, enum target_kind kind, const struct shape *shape,
    const struct batch *b, struct err *err) {
	struct record *record;

	if (batch_count(b, run->step) == 0) {
		return lookup_not_found(kind, operand(run->args, 0), err);
	}
	record = record_new();
	record_row(record, shape, batch_row(b, run->step, 0));
	annotations_put(record, b, run->step + 1);
	return record_print(record, &run->sink, err);
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
