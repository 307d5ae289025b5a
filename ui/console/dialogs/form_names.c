#include "ui/console/dialogs/form_names.h"

#include <assert.h>
#include <string.h>

#include "db/batch/batch.h"
#include "model/queue.h"
#include "model/syntax/target.h"
#include "ui/console/widgets/form.h"

/* Returns the name in a field. The organization of a project is the part before the slash. */
static struct target name_in(const struct form *form, size_t field) {
	enum target_kind kind = form->is->fields[field].kind;
	struct target target = target_named(kind, form_text(form, field));

	if (kind == TARGET_ORG) {
		target.name[strcspn(target.name, "/")] = '\0';
	}
	return target;
}

void form_names_note(struct form *form) {
	form->name_count = 0;
	form->noted++;
	for (size_t i = 0; i < form->is->count; i++) {
		if (form->is->fields[i].named && *form_text(form, i) != '\0') {
			assert(form->name_count < FORM_NAMES);
			form->names[form->name_count++] = name_in(form, i);
		}
	}
}

bool form_names_unknown(const struct form *form) {
	for (size_t i = 0; i < form->name_count; i++) {
		if (id_is_nil(form->names[i].seen)) {
			return true;
		}
	}
	return false;
}

void form_names_ask(const struct form *form, struct batch *b) {
	(void)queue_named_add(b, form->names, form->name_count);
}

void form_names_take(struct form *form, const struct batch *b) {
	queue_named_take(form->names, form->name_count, b, 0);
}

/* Returns whether a field still has the name. */
static bool has_name(const struct form *form, const struct target *name) {
	for (size_t i = 0; i < form->is->count; i++) {
		if (form->is->fields[i].named && form->is->fields[i].kind == name->kind) {
			const struct target now = name_in(form, i);

			return strcmp(now.name, name->name) == 0;
		}
	}
	return false;
}

void form_names_demand(const struct form *form, struct batch *b) {
	struct target demanded[FORM_NAMES];
	size_t count = 0;

	for (size_t i = 0; i < form->name_count; i++) {
		if (!id_is_nil(form->names[i].seen) && has_name(form, &form->names[i])) {
			demanded[count++] = form->names[i];
		}
	}
	if (count > 0) {
		(void)queue_named_add(b, demanded, count);
	}
}
