/*
 * The keys of the terminal: what curses reads, as presses. A part of
 * ui/console/terminal/tty.h, which alone uses it.
 */
#ifndef UI_CONSOLE_TERMINAL_KEYBOARD_H
#define UI_CONSOLE_TERMINAL_KEYBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/buf.h"

struct key_event;

/* What has come of a paste whose end has not. `struct keyboard k = {0}` is ready. */
struct keyboard {
	bool pasting;
	int64_t pasted; /* steady time of its last byte */
	struct buf text;
};

/* Teaches curses, which must have been started, the keys that its terminal descriptions do not have. */
void keyboard_start(void);
void keyboard_release(struct keyboard *k);

/* As tty_read(). */
bool keyboard_read(struct keyboard *k, int64_t now, struct key_event *event);

#endif
