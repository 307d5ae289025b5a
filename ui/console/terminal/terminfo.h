/*
 * Capabilities of the terminal type. Separate from tty.c because <term.h> defines `lines` and `columns` as
 * macros.
 */
#ifndef UI_CONSOLE_TERMINAL_TERMINFO_H
#define UI_CONSOLE_TERMINAL_TERMINFO_H

#include <stdbool.h>

/* Returns the type, or for a type that terminfo does not know a known one of its family ("xterm-ghostty" is
 * an xterm). Takes NULL. */
const char *terminfo_choose(const char *type);

/* Returns true when the type is known and its cursor can be placed. To be called before curses starts. */
bool terminfo_can_draw(const char *type);

/* Returns true when the terminal has the capability; curses must run. */
bool terminfo_has(const char *capability);

/* Returns the bytes of the capability, "" for none. */
const char *terminfo_text(const char *capability) __attribute__((returns_nonnull));

#endif
