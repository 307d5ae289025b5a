#include "ui/console/app/pending.h"

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/queue.h"

void pending_release(struct pending *pending) {
	for (size_t i = 0; i < pending->count; i++) {
		free(pending->items[i].what);
	}
	*pending = (struct pending){0};
}

static void remove_at(struct pending *pending, size_t at) {
	free(pending->items[at].what);
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
