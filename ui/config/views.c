#include "ui/config/views.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "ui/config/place.h"
#include "ui/config/settings.h"
#include "ui/verbs/parse/nearest.h"

/* The keys whose value is a text, and where it is kept. */
static const struct {
	const char *key;
	size_t offset;
} texts[] = {{"screen", offsetof(struct saved_view, screen)}, {"scope", offsetof(struct saved_view, scope)},
    {"scope-id", offsetof(struct saved_view, scope_id)}, {"filter", offsetof(struct saved_view, filter)},
    {"sort", offsetof(struct saved_view, sort)}, {"hidden", offsetof(struct saved_view, hidden)}};

enum { TEXTS = sizeof texts / sizeof *texts };

static char **text_at(struct saved_view *view, size_t i) {
	return (char **)(void *)((char *)view + texts[i].offset);
}

static const char *text_of(const struct saved_view *view, size_t i) {
	return *(char *const *)(const void *)((const char *)view + texts[i].offset);
}

static void view_release(struct saved_view *view) {
	for (size_t i = 0; i < TEXTS; i++) {
		free(*text_at(view, i));
	}
	free(view->name);
}

void saved_views_release(struct saved_views *views) {
	for (size_t i = 0; i < views->count; i++) {
		view_release(&views->items[i]);
	}
	free(views->items);
	*views = (struct saved_views){0};
}

static bool begin_view(
    const struct settings *file, struct saved_views *views, const struct setting *s, struct err *err) {
	static const char word[] = "view ";
	const char *name = s->name + sizeof word - 1;

	if (strncmp(s->name, word, sizeof word - 1) != 0 || !name_check("view", name, err)) {
		return settings_fail(file, err, "expected [view NAME], not \"%s\"", s->name);
	}
	if (saved_views_find(views, name) != NULL) {
		return settings_fail(file, err, "view %s is there already", name);
	}
	views->items = mem_grow(views->items, views->count + 1, sizeof *views->items);
	views->items[views->count] = (struct saved_view){.name = mem_text(name)};
	for (size_t i = 0; i < TEXTS; i++) {
		*text_at(&views->items[views->count], i) = mem_text("");
	}
	views->count++;
	return true;
}

static bool set(
    const struct settings *file, struct saved_views *views, const struct setting *s, struct err *err) {
	struct saved_view *view = views->count == 0 ? NULL : &views->items[views->count - 1];
	struct nearest near = {.typed = s->name};

	if (view == NULL) {
		return settings_fail(file, err, "expected [view NAME] first");
	}
	if (strcmp(s->name, "all") == 0) {
		return settings_switch(file, s, &view->all, err);
	}
	nearest_offer(&near, "all");
	for (size_t i = 0; i < TEXTS; i++) {
		nearest_offer(&near, texts[i].key);
		if (strcmp(texts[i].key, s->name) == 0) {
			bool slash = strcmp(s->name, "filter") == 0 && s->value[0] == '/';

			free(*text_at(view, i));
			*text_at(view, i) = mem_text(s->value + (slash ? 1 : 0));
			return true;
		}
	}
	return settings_unknown(file, "key of a view", &near, err);
}

bool saved_views_read(struct saved_views *views, struct err *err) {
	char *path = place_config("views");
	struct settings file = {0};
	struct saved_views read = {0};
	struct setting s = {.kind = SETTING_END};
	bool found;
	bool ok = path == NULL || settings_open(&file, path, &found, err);

	while (ok && path != NULL && (ok = settings_next(&file, &s, err)) && s.kind != SETTING_END) {
		ok = s.kind == SETTING_SECTION ? begin_view(&file, &read, &s, err)
					       : set(&file, &read, &s, err);
	}
	settings_close(&file);
	free(path);
	if (ok) {
		*views = read;
	} else {
		saved_views_release(&read);
	}
	return ok;
}

const struct saved_view *saved_views_find(const struct saved_views *views, const char *name) {
	for (size_t i = 0; i < views->count; i++) {
		if (strcmp(views->items[i].name, name) == 0) {
			return &views->items[i];
		}
	}
	return NULL;
}

static void put(const struct saved_view *view, struct buf *out) {
	buf_printf(out, "%s[view %s]\n", out->len == 0 ? "" : "\n", view->name);
	for (size_t i = 0; i < TEXTS; i++) {
		bool filter = strcmp(texts[i].key, "filter") == 0; /* a blank at its start means something */
		const char *text = text_of(view, i);

		if (*text != '\0') {
			buf_printf(out, "%s = %s%s\n", texts[i].key, filter ? "/" : "", text);
		}
	}
	buf_puts(out, view->all ? "all = yes\n" : "");
}

/* Returns false for a text that would not be read as it was written. */
static bool fits(const char *text) {
	size_t n = strlen(text);

	for (const char *at = text; *at != '\0'; at++) {
		if ((unsigned char)*at < 0x20) {
			return false;
		}
	}
	return n == 0 || text[n - 1] != ' ';
}

static bool check(const struct saved_view *view, struct err *err) {
	if (!name_check("view", view->name, err)) {
		return false;
	}
	for (size_t i = 0; i < TEXTS; i++) {
		if (!fits(text_of(view, i))) {
			return err_set(
			    err, ERR_INVALID_INPUT, "the %s of this screen cannot be saved", texts[i].key);
		}
	}
	return true;
}

bool saved_view_write(const struct saved_view *view, struct err *err) {
	char *path = place_config("views");
	struct saved_views before = {0};
	struct buf text = {0};
	bool ok = check(view, err) && saved_views_read(&before, err);

	if (ok && path == NULL) {
		ok = err_set(err, ERR_UNAVAILABLE, "neither XDG_CONFIG_HOME nor HOME is set");
	}
	for (size_t i = 0; ok && i < before.count; i++) {
		if (strcmp(before.items[i].name, view->name) != 0) {
			put(&before.items[i], &text);
		}
	}
	put(view, &text);
	ok = ok && place_write(path, buf_text(&text), text.len, err);
	buf_release(&text);
	saved_views_release(&before);
	free(path);
	return ok;
}
