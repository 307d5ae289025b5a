#include "ui/worker/troubles.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"

#define REPORT_EVERY (60 * TIME_SECOND)

/* Returns the entry of that text, else a free one, else the one reported longest ago. */
static struct trouble *find_entry(struct troubles *t, const char *text) {
	struct trouble *entry = &t->seen[0];

	for (size_t i = 0; i < TROUBLES; i++) {
		struct trouble *one = &t->seen[i];

		if (one->text != NULL && strcmp(one->text, text) == 0) {
			return one;
		}
		if (entry->text != NULL && (one->text == NULL || one->reported < entry->reported)) {
			entry = one;
		}
	}
	return entry;
}

size_t troubles_count(struct troubles *t, const char *text, int64_t now) {
	struct trouble *one = find_entry(t, text);
	size_t count;

	if (one->text == NULL || strcmp(one->text, text) != 0) {
		free(one->text);
		*one = (struct trouble){.text = mem_text(text), .reported = now};
		return 1;
	}
	one->count++;
	if (now - one->reported < REPORT_EVERY) {
		return 0;
	}
	count = one->count;
	one->count = 0;
	one->reported = now;
	return count;
}

void troubles_release(struct troubles *t) {
	for (size_t i = 0; i < TROUBLES; i++) {
		free(t->seen[i].text);
	}
	*t = (struct troubles){0};
}
