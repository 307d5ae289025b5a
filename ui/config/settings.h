/*
 * Reads files of settings: the configuration, themes, saved views.
 *
 *     # a comment is a line of its own
 *     theme = dark
 *
 *     [profile prod]
 *     service = prod
 *
 * A line is a section in brackets, or a key and a value around the first `=`; blanks around both are ignored
 * and quotes have no meaning. An error names the file, the line and the reason: "PATH:3: ...".
 */
#ifndef UI_CONFIG_SETTINGS_H
#define UI_CONFIG_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/buf.h"

struct err;
struct nearest;

enum setting_kind { SETTING_END, SETTING_SECTION, SETTING_VALUE };

/* One line; the texts are borrowed from the reader. */
struct setting {
	enum setting_kind kind;
	int line;         /* from 1 */
	const char *name; /* the key, or the text in the brackets */
	const char *value;
};

struct settings {
	char *path; /* in errors */
	struct buf text;
	size_t at;
	int line;
};

/* Opens a file; *found is false when it does not exist, and then it is empty. Refuses what is no regular
 * file, has more than 1 MiB, and a file or folder that others than its owner may write. */
bool settings_open(struct settings *s, const char *path, bool *found, struct err *err)
    __attribute__((warn_unused_result));

/* Opens a text that is part of the program. */
void settings_open_text(struct settings *s, const char *name, const char *text);

void settings_close(struct settings *s);

/* Reads the next line that is neither blank nor a comment. */
bool settings_next(struct settings *s, struct setting *setting, struct err *err)
    __attribute__((warn_unused_result));

/* Sets the error "PATH:LINE: ..." for the line read last. Returns false. */
bool settings_fail(const struct settings *s, struct err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sets the error `unknown WHAT "..."`, with the nearest candidate that was offered as a hint. Returns false.
 */
bool settings_unknown(
    const struct settings *s, const char *what, const struct nearest *nearest, struct err *err);

/* Returns the index of a value in names, which NULL ends; -1: the error names the nearest one. */
int settings_choice(const struct settings *s, const struct setting *setting, const char *const *names,
    struct err *err) __attribute__((warn_unused_result));

/* Reads yes, no, on, off, true or false. */
bool settings_switch(const struct settings *s, const struct setting *setting, bool *on, struct err *err)
    __attribute__((warn_unused_result));

#endif
