#include "ui/config/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "ui/verbs/parse/nearest.h"

#define BLANKS " \t\r"

enum { MOST = 1 << 20, OTHERS = S_IWGRP | S_IWOTH };

static bool refuse(const char *path, const char *why, struct err *err) {
	return err_set(err, ERR_INVALID_INPUT, "file \"%s\": %s", path, why);
}

/* Refuses what somebody else could have written. */
static bool check_owner(const char *path, const struct stat *found, struct err *err) {
	if (found->st_uid != geteuid() && found->st_uid != 0) {
		return refuse(path, "it belongs to another user", err);
	}
	if ((found->st_mode & OTHERS) != 0) {
		(void)refuse(path, "others may write it", err);
		return err_hint(err, "chmod go-w '%s'", path);
	}
	return true;
}

static bool check_folder(const char *path, struct err *err) {
	char *copy = mem_text(path);
	const char *folder = dirname(copy);
	struct stat found;
	bool ok = stat(folder, &found) != 0 || check_owner(folder, &found, err);

	free(copy);
	return ok;
}

static bool read_all(int fd, struct buf *out) {
	char chunk[4096];
	ssize_t n = 0;

	while (out->len <= MOST && (n = read(fd, chunk, sizeof chunk)) > 0) {
		buf_add(out, chunk, (size_t)n);
	}
	return n >= 0;
}

static bool load(struct settings *s, int fd, struct err *err) {
	struct stat found;

	if (fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) {
		return refuse(s->path, "it is no regular file", err);
	}
	if (!check_owner(s->path, &found, err) || !check_folder(s->path, err)) {
		return false;
	}
	if (!read_all(fd, &s->text)) {
		return refuse(s->path, strerror(errno), err);
	}
	if (s->text.len > MOST) {
		return refuse(s->path, "it is larger than 1 MiB", err);
	}
	return strlen(buf_text(&s->text)) == s->text.len || refuse(s->path, "it contains a NUL byte", err);
}

bool settings_open(struct settings *s, const char *path, bool *found, struct err *err) {
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool ok;

	*s = (struct settings){.path = mem_text(path)};
	*found = fd >= 0;
	if (fd < 0) {
		ok = errno == ENOENT || errno == ENOTDIR || refuse(path, strerror(errno), err);
	} else {
		ok = load(s, fd, err);
		(void)close(fd);
	}
	if (!ok) {
		settings_close(s);
	}
	return ok;
}

void settings_open_text(struct settings *s, const char *name, const char *text) {
	*s = (struct settings){.path = mem_text(name)};
	buf_puts(&s->text, text);
}

void settings_close(struct settings *s) {
	free(s->path);
	buf_release(&s->text);
	*s = (struct settings){0};
}

/* Cuts the blanks from both ends of a text, in place. */
static char *trim(char *text) {
	size_t n;

	text += strspn(text, BLANKS);
	n = strlen(text);
	while (n > 0 && strchr(BLANKS, text[n - 1]) != NULL) {
		text[--n] = '\0';
	}
	return text;
}

/* Takes a line apart, in place. */
static bool take(const struct settings *s, char *line, struct setting *setting, struct err *err) {
	size_t n = strlen(line);
	char *equals = strchr(line, '=');

	setting->line = s->line;
	if (line[0] == '[') {
		if (line[n - 1] != ']') {
			return settings_fail(s, err, "missing ] at the end of the section");
		}
		line[n - 1] = '\0';
		setting->kind = SETTING_SECTION;
		setting->name = trim(line + 1);
		return true;
	}
	if (equals == NULL || equals == line) {
		return settings_fail(s, err, "expected KEY = VALUE or [SECTION]");
	}
	*equals = '\0';
	setting->kind = SETTING_VALUE;
	setting->name = trim(line);
	setting->value = trim(equals + 1);
	return true;
}

bool settings_next(struct settings *s, struct setting *setting, struct err *err) {
	*setting = (struct setting){.kind = SETTING_END};
	while (s->at < s->text.len) {
		char *line = s->text.text + s->at;
		size_t n = strcspn(line, "\n");
		bool first = s->at == 0;

		s->at += n + 1;
		s->line++;
		line[n] = '\0';
		line += first && strncmp(line, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
		line = trim(line);
		if (line[0] == '\0' || line[0] == '#') {
			continue;
		}
		if (!text_check("the line", line, SIZE_MAX, err)) {
			return settings_fail(s, err, "the line is not valid UTF-8");
		}
		return take(s, line, setting, err);
	}
	return true;
}

bool settings_fail(const struct settings *s, struct err *err, const char *format, ...) {
	struct buf text = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	(void)err_set(err, ERR_INVALID_INPUT, "%s:%d: %s", s->path, s->line, buf_text(&text));
	err->line = s->line;
	buf_release(&text);
	return false;
}

bool settings_unknown(
    const struct settings *s, const char *what, const struct nearest *nearest, struct err *err) {
	(void)settings_fail(s, err, "unknown %s \"%s\"", what, nearest->typed);
	return nearest_hint(nearest, "\"", "\"", NULL, err);
}

int settings_choice(
    const struct settings *s, const struct setting *setting, const char *const *names, struct err *err) {
	struct nearest nearest = {.typed = setting->value};
	struct buf all = {0};

	buf_puts(&all, "it is one of: ");
	for (int i = 0; names[i] != NULL; i++) {
		if (strcmp(names[i], setting->value) == 0) {
			buf_release(&all);
			return i;
		}
		nearest_offer(&nearest, names[i]);
		buf_printf(&all, "%s%s", i == 0 ? "" : ", ", names[i]);
	}
	(void)settings_fail(s, err, "%s: unknown value \"%s\"", setting->name, setting->value);
	(void)nearest_hint(&nearest, "\"", "\"", buf_text(&all), err);
	buf_release(&all);
	return -1;
}

bool settings_switch(const struct settings *s, const struct setting *setting, bool *on, struct err *err) {
	static const char *const words[] = {"no", "yes", "off", "on", "false", "true", NULL};
	int at = settings_choice(s, setting, words, err);

	if (at >= 0) {
		*on = at % 2 == 1;
	}
	return at >= 0;
}
