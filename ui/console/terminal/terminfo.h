/*
 * What the user's type of terminal can do. Apart from ui/console/terminal/tty.h because
 * the header that this needs has `lines` and `columns` among its macros.
 */
#ifndef UI_CONSOLE_TERMINAL_TERMINFO_H
#define UI_CONSOLE_TERMINAL_TERMINFO_H

#include <stdbool.h>

/* Returns the type to use for one that terminfo may not know: itself when it is
 * known, else a known one of its family ("xterm-ghostty" is an xterm), else itself. Takes NULL. */
const char *terminfo_choose(const char *type);

/* Whether the cursor can be placed: else curses would write the lines below
 * each other. Asked before curses has touched anything, so that a refusal leaves nothing behind. */
bool terminfo_can_draw(const char *type);

/* Whether it has the capability of that name of terminfo, while curses runs. */
bool terminfo_has(const char *capability);

/* Its bytes; "" when it has none. */
const char *terminfo_text(const char *capability) __attribute__((returns_nonnull));

#endif
