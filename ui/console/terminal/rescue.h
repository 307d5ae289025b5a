/*
 * The terminal given back by a program that dies: an assertion that fails, a
 * bad address, a signal that nobody reads.
 *
 * A shell whose terminal echoes nothing and shows the screen of something that
 * has gone is of no use to whoever wants to know what happened.
 */
#ifndef UI_CONSOLE_TERMINAL_RESCUE_H
#define UI_CONSOLE_TERMINAL_RESCUE_H

#include <termios.h>

/* From now on a fatal signal first sets these modes and writes these bytes, which are copied and at most 250,
 * and then does what it did before. */
void rescue_start(const struct termios *modes, const char *bytes);

/* Fatal signals do what they did before. */
void rescue_stop(void);

#endif
