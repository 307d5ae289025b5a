#include "ui/cli/annotations.h"

#include <jansson.h>

#include "db/batch.h"
#include "db/err.h"
#include "ui/cli/doc.h"
#include "ui/cli/run.h"

static const char *object_of(const struct batch *b, size_t step) {
	const struct document *document = batch_row(b, step, 0);

	return document->document;
}

void annotations_put(struct doc *doc, const struct batch *b, size_t step) {
	doc_raw(doc, "annotations", object_of(b, step));
}

bool annotations_print(struct run *run, const struct batch *b, size_t step, struct err *err) {
	json_t *object = json_loads(object_of(b, step), 0, NULL);
	struct doc *doc = doc_new();
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) {
		doc_text(doc, key, json_string_value(value));
	}
	if (object == NULL) {
		doc_free(doc);
		return err_set(err, ERR_INTERNAL, "the server's answer is no object");
	}
	json_decref(object);
	return doc_print(doc, &run->sink, err);
}
