#include "ui/console/app/pending.h"

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/queue.h"

void follow_release(struct follow *follow) {
	for (size_t i = 0; i < follow->count; i++) {
		free(follow->items[i].what);
	}
	*follow = (struct follow){0};
}

static void remove_at(struct follow *follow, size_t at) {
	free(follow->items[at].what);
	for (size_t i = at + 1; i < follow->count; i++) {
		follow->items[i - 1] = follow->items[i];
	}
	follow->count--;
}

void follow_add(struct follow *follow, const struct command *command, const char *what, int64_t now) {
	int64_t wait = command->not_before - command->created;

	follow_drop(follow, command->id);
	if (follow->count == FOLLOW_MOST) {
		remove_at(follow, 0);
	}
	follow->items[follow->count++] = (struct followed){.id = command->id,
	    .what = mem_text(what),
	    .until = wait > 0 && !command->replayed ? now + wait : TIME_NONE};
}

const struct followed *follow_newest(const struct follow *follow, int64_t now) {
	for (size_t i = follow->count; i-- > 0;) {
		if (follow->items[i].until != TIME_NONE && follow->items[i].until > now) {
			return &follow->items[i];
		}
	}
	return NULL;
}

const struct followed *follow_find(const struct follow *follow, struct id id) {
	for (size_t i = 0; i < follow->count; i++) {
		if (id_equal(follow->items[i].id, id)) {
			return &follow->items[i];
		}
	}
	return NULL;
}

void follow_drop(struct follow *follow, struct id id) {
	for (size_t i = 0; i < follow->count; i++) {
		if (id_equal(follow->items[i].id, id)) {
			remove_at(follow, i);
			return;
		}
	}
}

void follow_ask(const struct follow *follow, struct batch *b) {
	for (size_t i = 0; i < follow->count; i++) {
		(void)queue_show_add(b, follow->items[i].id);
	}
}
