#include "tests/chaos/answer.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "db/base/mem.h"
#include "tests/chaos/history.h"

static void clipboard_text(char *to, size_t room, const json_t *object, const char *name) {
	const char *text = json_string_value(json_object_get(object, name));

	(void)snprintf(to, room, "%s", text == NULL ? "" : text);
}

static struct id id_of(const json_t *object, const char *name) {
	const char *text = json_string_value(json_object_get(object, name));
	struct id id = {0};

	return text != NULL && id_parse(text, &id) ? id : (struct id){0};
}

static void read_lease(struct call *call, const json_t *object) {
	struct told_lease *l = call_add_lease(call);

	l->id = id_of(object, "id");
	clipboard_text(l->pool, sizeof l->pool, object, "pool");
	clipboard_text(l->value, sizeof l->value, object, "value");
	clipboard_text(l->state, sizeof l->state, object, "state");
	l->generation = json_integer_value(json_object_get(object, "generation"));
	l->replayed = json_is_true(json_object_get(object, "replayed"));
}

static void read_command(struct call *call, const json_t *object) {
	struct told_command *c = call_add_command(call);

	c->id = id_of(object, "id");
	clipboard_text(c->state, sizeof c->state, object, "state");
	clipboard_text(c->outcome, sizeof c->outcome, object, "outcome");
	c->bulk = json_is_object(json_object_get(object, "progress"));
}

/* Reads a lease (with a pool and a value) or a command (with an action); ignores objects of labels. */
static void read_object(struct call *call, const json_t *object) {
	if (json_object_get(object, "action") != NULL && json_object_get(object, "target") != NULL) {
		read_command(call, object);
	} else if (json_object_get(object, "value") != NULL && json_object_get(object, "pool") != NULL) {
		read_lease(call, object);
	}
}

/* Reads a document; that of a batch is an array of its lines' documents, which may be arrays. */
static void read_document(struct call *call, const json_t *document) {
	if (json_is_array(document)) {
		for (size_t i = 0; i < json_array_size(document); i++) {
			read_document(call, json_array_get(document, i));
		}
	} else if (json_is_object(document)) {
		read_object(call, document);
	}
}

static void read_error(struct call *call, const char *said) {
	const char *line = strstr(said, "{\"error\":");
	json_t *document = line == NULL ? NULL : json_loads(line, JSON_DISABLE_EOF_CHECK, NULL);

	clipboard_text(call->error, sizeof call->error, json_object_get(document, "error"), "code");
	json_decref(document);
}

void answer_read(struct call *call, const char *out, const char *said) {
	json_t *document = json_loads(out, 0, NULL);

	read_document(call, document);
	json_decref(document);
	read_error(call, said);
	call->said = mem_text(said);
}
