/*
 * Restores the terminal when the program dies: by a failed assertion, a bad address, or a fatal signal.
 */
#ifndef UI_CONSOLE_TERMINAL_RESCUE_H
#define UI_CONSOLE_TERMINAL_RESCUE_H

#include <termios.h>

/* Makes fatal signals first set these modes and write these bytes (copied, at most 250), and then act as
 * before. */
void rescue_start(const struct termios *modes, const char *bytes);

/* Restores the previous actions of fatal signals. */
void rescue_stop(void);

#endif
