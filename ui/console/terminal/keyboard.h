/*
 * Reads key events from curses: private to ui/console/terminal/tty.c.
 */
#ifndef UI_CONSOLE_TERMINAL_KEYBOARD_H
#define UI_CONSOLE_TERMINAL_KEYBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/buf.h"

struct key_event;

/* An unfinished paste, or report of the mouse. `struct keyboard k = {0}` is none. */
struct keyboard {
	bool pasting;
	bool pointing;
	char report[16]; /* of the mouse, as far as it has been read */
	size_t reported;
	int64_t pasted; /* steady time of its last byte */
	struct buf text;
};

/* Defines the keys that the terminal's description lacks; curses must run. */
void keyboard_start(void);
void keyboard_release(struct keyboard *k);

/* See tty_read(). */
bool keyboard_read(struct keyboard *k, int64_t now, struct key_event *event);

#endif
