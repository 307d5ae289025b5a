#include "tests/chaos/phrase.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"

void phrase_add(struct phrase *w, const char *format, ...) {
	struct buf text = {0};
	va_list args;

	assert(w->count < WORDS - 1);
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	w->words[w->count++] = mem_text(buf_text(&text));
	buf_release(&text);
}

void phrase_release(struct phrase *w) {
	for (size_t i = 0; i < w->count; i++) {
		free(w->words[i]);
	}
	*w = (struct phrase){0};
}

static void add_id(struct phrase *w, const char *before, struct id id) {
	char text[ID_TEXT];

	phrase_add(w, "%s%s", before, id_text(id, text));
}

static void add_span(struct phrase *w, int64_t span) {
	if (span > 0) {
		phrase_add(w, "--for=%" PRId64 "s", span / TIME_SECOND);
	}
}

static void allocate(struct phrase *w, const struct deed *deed) {
	phrase_add(w, "allocate");
	phrase_add(w, "%s", deed->pool);
	add_id(w, "--id=", deed->id);
	add_span(w, deed->span);
	if (deed->count > 1) {
		phrase_add(w, "--count=%" PRId64, deed->count);
	}
	if (deed->value[0] != '\0') {
		phrase_add(w, "--value=%s", deed->value);
	}
	if (deed->project[0] != '\0') {
		phrase_add(w, "--project=%s", deed->project);
	}
	if (deed->wait) {
		phrase_add(w, "--wait=1s");
	}
}

/* Adds the options of a queued command. */
static void queue(struct phrase *w, const struct deed *deed) {
	add_id(w, "--id=", deed->id);
	if (deed->generation > 0) {
		phrase_add(w, "--expect-generation=%" PRId64, deed->generation);
	}
	if (deed->wait) {
		phrase_add(w, "--wait=3s");
	}
}

static void release(struct phrase *w, const struct deed *deed) {
	phrase_add(w, "release");
	for (size_t i = 0; i < deed->target_count; i++) {
		add_id(w, "lease/", deed->targets[i]);
	}
	if (deed->target_count == 0) {
		phrase_add(w, "--pool=%s", deed->pool);
	}
	if (deed->target_count != 1) {
		phrase_add(w, "--yes");
	}
	if (deed->span > 0) {
		phrase_add(w, "--grace=%" PRId64 "s", deed->span / TIME_SECOND);
	}
	queue(w, deed);
}

static void label(struct phrase *w, const struct deed *deed) {
	phrase_add(w, "label");
	add_id(w, "lease/", deed->targets[0]);
	phrase_add(w, "mark=%s", deed->value);
	add_id(w, "--id=", deed->id);
}

void phrase_deed(struct phrase *w, const struct deed *deed) {
	switch (deed->kind) {
	case DEED_ALLOCATE:
		allocate(w, deed);
		break;
	case DEED_RELEASE:
		release(w, deed);
		break;
	case DEED_EXTEND:
		phrase_add(w, "extend");
		add_id(w, "lease/", deed->targets[0]);
		add_span(w, deed->span);
		queue(w, deed);
		break;
	case DEED_CORDON:
	case DEED_UNCORDON:
		phrase_add(w, "resource");
		phrase_add(w, "%s", deed_names[deed->kind]);
		add_id(w, "resource/", deed->targets[0]);
		queue(w, deed);
		break;
	case DEED_CANCEL:
		phrase_add(w, "queue");
		phrase_add(w, "cancel");
		add_id(w, "", deed->targets[0]);
		break;
	case DEED_LABEL:
		label(w, deed);
		break;
	default:
		phrase_add(w, "queue");
		phrase_add(w, "%s", deed->value);
		add_id(w, "", deed->targets[0]);
		queue(w, deed);
		break;
	}
}

static void join(const struct phrase *w, struct buf *out) {
	for (size_t i = 0; i < w->count; i++) {
		buf_puts(out, i == 0 ? "" : " ");
		buf_puts(out, w->words[i]);
	}
}

char *phrase_line(const struct phrase *w) {
	struct buf text = {0};
	char *line;

	join(w, &text);
	line = mem_text(buf_text(&text));
	buf_release(&text);
	return line;
}

char *phrase_batch(const struct deed *deeds, size_t count) {
	struct buf text = {0};
	char *lines;

	for (size_t i = 0; i < count; i++) {
		struct phrase w = {0};

		phrase_deed(&w, &deeds[i]);
		join(&w, &text);
		buf_puts(&text, "\n");
		phrase_release(&w);
	}
	lines = mem_text(buf_text(&text));
	buf_release(&text);
	return lines;
}
