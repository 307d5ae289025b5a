/*
 * One key press, or one paste, as the console sees it; where it came from does
 * not matter.
 *
 * A key is its character's code point, control keys included (Ctrl-C is 3), or
 * one of the names below.  What is pasted comes whole, so that it can go into
 * an input line and nowhere else.
 */
#ifndef UI_CONSOLE_TERMINAL_KEY_H
#define UI_CONSOLE_TERMINAL_KEY_H

#include <stddef.h>

enum press_key {
	PRESS_TAB = 9,
	PRESS_ENTER = 13,
	PRESS_ESCAPE = 27,
	PRESS_UP = 0x110000, /* beyond Unicode */
	PRESS_DOWN,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_HOME,
	PRESS_END,
	PRESS_BACKSPACE,
	PRESS_DELETE,
	PRESS_BACK_TAB,
	PRESS_F1,
	PRESS_F5,
	PRESS_F10,
	PRESS_PASTE,
	PRESS_UNKNOWN /* a key that has no meaning here */
};

#define PRESS_CTRL(letter) ((letter)&0x1f)

struct press {
	int key;
	const char *text; /* of a paste, borrowed */
	size_t n;
};

#endif
