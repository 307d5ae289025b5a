#include "ui/console/app/pending.h"

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/queue.h"
#include "ui/console/app/pane.h"

static void release(struct pending_command *one) {
	free(one->what);
	scope_release(&one->scope);
	marks_release(&one->marks);
}

void pending_release(struct pending *pending) {
	for (size_t i = 0; i < pending->count; i++) {
		release(&pending->items[i]);
	}
	*pending = (struct pending){0};
}

static void remove_at(struct pending *pending, size_t at) {
	release(&pending->items[at]);
	for (size_t i = at + 1; i < pending->count; i++) {
		pending->items[i - 1] = pending->items[i];
	}
	pending->count--;
}

void pending_add(struct pending *pending, const struct command *command, const char *what, int64_t now) {
	int64_t wait = command->not_before - command->created;

	pending_drop(pending, command->id);
	if (pending->count == PENDING_MOST) {
		remove_at(pending, 0);
	}
	pending->items[pending->count++] = (struct pending_command){.id = command->id,
	    .what = mem_text(what),
	    .until = wait > 0 && !command->replayed ? now + wait : TIME_NONE};
}

void pending_keep(struct pending *pending, struct pane *pane) {
	struct pending_command *one = &pending->items[pending->count - 1];

	one->view = pane->view;
	one->scope = scope_copy(&pane->scope);
	one->marks = pane->marks;
	pane->marks = (struct marks){0};
}

void pending_remark(struct pending *pending, struct id id, struct pane *pane) {
	for (size_t i = 0; i < pending->count; i++) {
		struct pending_command *one = &pending->items[i];

		if (id_equal(one->id, id) && one->view == pane->view && pane->marks.count == 0 &&
		    scope_equal(&one->scope, &pane->scope)) {
			pane->marks = one->marks;
			one->marks = (struct marks){0};
		}
	}
}

const struct pending_command *pending_newest(const struct pending *pending, int64_t now) {
	for (size_t i = pending->count; i-- > 0;) {
		if (pending->items[i].until != TIME_NONE && pending->items[i].until > now) {
			return &pending->items[i];
		}
	}
	return NULL;
}

const struct pending_command *pending_find(const struct pending *pending, struct id id) {
	for (size_t i = 0; i < pending->count; i++) {
		if (id_equal(pending->items[i].id, id)) {
			return &pending->items[i];
		}
	}
	return NULL;
}

void pending_drop(struct pending *pending, struct id id) {
	for (size_t i = 0; i < pending->count; i++) {
		if (id_equal(pending->items[i].id, id)) {
			remove_at(pending, i);
			return;
		}
	}
}

void pending_refresh(const struct pending *pending, struct batch *b) {
	for (size_t i = 0; i < pending->count; i++) {
		(void)queue_show_add(b, pending->items[i].id);
	}
}
