#include "ui/console/terminal/theme.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/base/num.h"
#include "model/syntax/name.h"
#include "ui/config/place.h"
#include "ui/config/settings.h"
#include "ui/verbs/parse/nearest.h"

#define BRIGHT "bright-"

static const char *const colour_names[] = {
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"};

enum { COLOURS = sizeof colour_names / sizeof *colour_names, RICH = 256 };

/* Returns the number of a colour by name or number; -1 for another word. */
static int colour_number(const char *word) {
	bool bright = strncmp(word, BRIGHT, strlen(BRIGHT)) == 0;
	const char *name = word + (bright ? strlen(BRIGHT) : 0);
	int64_t number;

	for (int i = 0; i < COLOURS; i++) {
		if (strcmp(name, colour_names[i]) == 0) {
			return i + (bright ? COLOURS : 0);
		}
	}
	return int_parse(word, 0, RICH - 1, &number) ? (int)number : -1;
}

/* Reads "203/red", "red" or "203"; the basic colour of a bright one is its plain one. */
static bool read_colour(char *word, struct colour *colour) {
	char *slash = strchr(word, '/');
	int rich;
	int basic;

	if (slash != NULL) {
		*slash = '\0';
	}
	rich = colour_number(word);
	basic = slash != NULL ? colour_number(slash + 1) : rich < COLOURS ? rich : rich - COLOURS;
	if (rich < 0 || basic < 0 || (slash != NULL && basic >= COLOURS)) {
		return false;
	}
	*colour = (struct colour){(short)rich, (short)(basic < COLOURS ? basic : COLOUR_OWN)};
	return true;
}

static bool *attribute(struct look *look, const char *word) {
	return strcmp(word, "bold") == 0        ? &look->bold
	       : strcmp(word, "dim") == 0       ? &look->dim
	       : strcmp(word, "reverse") == 0   ? &look->reverse
	       : strcmp(word, "underline") == 0 ? &look->underline
						: NULL;
}

static const struct look plain = {.ink = {COLOUR_OWN, COLOUR_OWN}, .paper = {COLOUR_OWN, COLOUR_OWN}};

/* Reads one word of a look; *paper is true after "on". */
static bool read_word(struct look *look, char *word, bool *paper) {
	bool *flag = attribute(look, word);

	if (flag != NULL) {
		*flag = true;
		return !*paper;
	}
	if (strcmp(word, "on") == 0) {
		*paper = true;
		return true;
	}
	return read_colour(word, *paper ? &look->paper : &look->ink);
}

static bool read_look(
    const struct settings *file, const struct setting *s, struct look *out, struct err *err) {
	char *copy = mem_text(s->value);
	struct look look = plain;
	bool paper = false;
	bool ok = true;

	for (char *next = copy, *word; ok && (word = strsep(&next, " \t")) != NULL;) {
		char *told = mem_text(word);

		ok = *word == '\0' || read_word(&look, word, &paper) ||
		     settings_fail(file, err, "%s: neither a colour nor an attribute: \"%s\"", s->name, told);
		free(told);
	}
	free(copy);
	if (ok) {
		*out = look;
	}
	return ok;
}

/* Returns the look that a line sets, or NULL. */
static struct look *look_of(struct theme *theme, const char *name, struct nearest *near) {
	for (int i = 0; i < STYLES; i++) {
		const char *style = style_face((enum style)i)->name;

		nearest_offer(near, style);
		if (strcmp(style, name) == 0) {
			return &theme->looks[i];
		}
	}
	nearest_offer(near, "cursor");
	return strcmp(name, "cursor") == 0 ? &theme->cursor : NULL;
}

static bool read_lines(struct settings *file, struct theme *theme, struct err *err) {
	struct setting s;

	for (;;) {
		struct nearest near = {0};
		struct look *look;

		if (!settings_next(file, &s, err)) {
			return false;
		}
		if (s.kind == SETTING_END) {
			return true;
		}
		if (s.kind == SETTING_SECTION) {
			return settings_fail(file, err, "a theme has no sections");
		}
		near.typed = s.name;
		look = look_of(theme, s.name, &near);
		if (look == NULL) {
			return settings_unknown(file, "style", &near, err);
		}
		if (!read_look(file, &s, look, err)) {
			return false;
		}
	}
}

static const struct theme_file *find(const char *name) {
	const struct theme_file *file = theme_files;

	while (file->name != NULL && strcmp(file->name, name) != 0) {
		file++;
	}
	return file->name == NULL ? NULL : file;
}

struct theme theme_builtin(const char *name) {
	const struct theme_file *builtin = find(name);
	struct theme theme = {.cursor = plain};
	struct settings file;
	struct err err = {0};
	bool ok;

	assert(builtin != NULL);
	for (int i = 0; i < STYLES; i++) {
		theme.looks[i] = plain;
	}
	settings_open_text(&file, builtin->name, builtin->text);
	ok = read_lines(&file, &theme, &err);
	assert(ok);
	settings_close(&file);
	err_release(&err);
	return theme;
}

static bool unknown(const char *name, struct err *err) {
	struct nearest near = {.typed = name};
	struct buf names = {0};

	buf_puts(&names, "the themes are: ");
	for (const struct theme_file *file = theme_files; file->name != NULL; file++) {
		nearest_offer(&near, file->name);
		buf_printf(&names, "%s%s", file == theme_files ? "" : ", ", file->name);
	}
	(void)err_set(err, ERR_INVALID_INPUT, "theme \"%s\" does not exist", name);
	(void)nearest_hint(&near, "\"", "\"", buf_text(&names), err);
	buf_release(&names);
	return false;
}

/* Opens the user's own file of that name. */
static bool open_own(const char *name, struct settings *file, bool *found, struct err *err) {
	char *below = mem_print("themes/%s", name);
	char *path = place_config(below);
	bool ok = true;

	*found = false;
	if (path != NULL) {
		ok = settings_open(file, path, found, err);
	}
	free(path);
	free(below);
	return ok;
}

bool theme_read(const char *name, struct theme *theme, struct err *err) {
	struct settings file = {0};
	struct theme read;
	bool found;
	bool ok;

	if (!name_check("theme", name, err) || !open_own(name, &file, &found, err)) {
		return false;
	}
	ok = found || find(name) != NULL || unknown(name, err);
	if (ok) {
		read = theme_builtin(find(name) != NULL ? name : "dark");
		ok = !found || read_lines(&file, &read, err);
	}
	settings_close(&file);
	if (ok) {
		*theme = read;
	}
	return ok;
}

struct look theme_look(const struct theme *theme, enum style style, bool cursor, bool gauge) {
	struct look look = theme->looks[style];
	const struct look *over = &theme->cursor;

	if (!cursor || gauge) {
		return look;
	}
	if (over->paper.rich != COLOUR_OWN && !look.reverse) {
		look.paper = over->paper;
	}
	if (look.ink.rich == COLOUR_OWN) {
		look.ink = over->ink;
	}
	look.reverse = look.reverse != over->reverse;
	look.bold = look.bold || over->bold;
	look.dim = look.dim || over->dim;
	look.underline = look.underline || over->underline;
	return look;
}
