/*
 * Themes: how each style looks.
 *
 * A theme is a file of settings (ui/config/settings.h), one style a line:
 *
 *     danger    = bold 203/red            a colour of 256, and the one of eight to take where there are no
 * 256 badge-red = bold white on red       attributes: bold dim underline reverse cursor    = reverse added to
 * the styles of the cursor's row
 *
 * A colour is a number up to 255 or one of black red green yellow blue magenta cyan white, also with
 * "bright-". Those of assets/themes are built in; a file `themes/NAME` in the folder of the configuration
 * wins. What it leaves out is as in the built-in theme of its name, else as in "dark".
 *
 * A gauge looks the same in the cursor's row as in others: its empty and its full part cannot be mistaken.
 */
#ifndef UI_CONSOLE_TERMINAL_THEME_H
#define UI_CONSOLE_TERMINAL_THEME_H

#include <stdbool.h>

#include "ui/console/terminal/style.h"

struct err;

enum { COLOUR_OWN = -1 /* the terminal's own foreground or background */ };

struct colour {
	short rich;  /* of 256; COLOUR_OWN */
	short basic; /* of eight, likewise */
};

struct look {
	struct colour ink;
	struct colour paper;
	bool bold;
	bool dim;
	bool reverse;
	bool underline;
};

struct theme {
	struct look looks[STYLES];
	struct look cursor;
};

/* The built-in themes, ended by one without a name (made by the build). */
struct theme_file {
	const char *name;
	const char *text;
};
extern const struct theme_file theme_files[];

/* Reads a theme; an unknown name or a fault in the file is ERR_INVALID_INPUT. */
bool theme_read(const char *name, struct theme *theme, struct err *err) __attribute__((warn_unused_result));

/* Returns a built-in theme; it must exist. */
struct theme theme_builtin(const char *name);

/* Returns the look of a cell: in the cursor's row or not, of a gauge or not. */
struct look theme_look(const struct theme *theme, enum style style, bool cursor, bool gauge);

#endif
