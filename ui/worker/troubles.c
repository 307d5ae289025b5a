#include "ui/worker/troubles.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"

#define TELL_EVERY (60 * TIME_SECOND)

/* The place of that text, or the free one, or that of the one that was told least lately. */
static struct trouble *place_of(struct troubles *t, const char *text) {
	struct trouble *place = &t->seen[0];

	for (size_t i = 0; i < TROUBLES; i++) {
		struct trouble *one = &t->seen[i];

		if (one->text != NULL && strcmp(one->text, text) == 0) {
			return one;
		}
		if (place->text != NULL && (one->text == NULL || one->told < place->told)) {
			place = one;
		}
	}
	return place;
}

size_t troubles_count(struct troubles *t, const char *text, int64_t now) {
	struct trouble *one = place_of(t, text);
	size_t count;

	if (one->text == NULL || strcmp(one->text, text) != 0) {
		free(one->text);
		*one = (struct trouble){.text = mem_text(text), .told = now};
		return 1;
	}
	one->count++;
	if (now - one->told < TELL_EVERY) {
		return 0;
	}
	count = one->count;
	one->count = 0;
	one->told = now;
	return count;
}

void troubles_release(struct troubles *t) {
	for (size_t i = 0; i < TROUBLES; i++) {
		free(t->seen[i].text);
	}
	*t = (struct troubles){0};
}
