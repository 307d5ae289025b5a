/*
 * Key events.
 *
 * A key is the code point of its character, also for control keys (Ctrl-C is 3), or one of the names below.
 * A paste is one event, so that only line editors can take it.
 */
#ifndef UI_CONSOLE_TERMINAL_KEY_H
#define UI_CONSOLE_TERMINAL_KEY_H

#include <stddef.h>

enum key_code {
	KEY_CODE_TAB = 9,
	KEY_CODE_ENTER = 13,
	KEY_CODE_ESCAPE = 27,
	KEY_CODE_UP = 0x110000, /* beyond Unicode */
	KEY_CODE_DOWN,
	KEY_CODE_LEFT,
	KEY_CODE_RIGHT,
	KEY_CODE_PAGE_UP,
	KEY_CODE_PAGE_DOWN,
	KEY_CODE_HOME,
	KEY_CODE_END,
	KEY_CODE_BACKSPACE,
	KEY_CODE_DELETE,
	KEY_CODE_BACK_TAB,
	KEY_CODE_F1,
	KEY_CODE_F5,
	KEY_CODE_F10,
	KEY_CODE_PASTE,
	KEY_CODE_MOUSE,
	KEY_CODE_UNKNOWN /* a key without a meaning */
};

#define KEY_CODE_CTRL(letter) ((letter)&0x1f)

enum mouse_button {
	MOUSE_NONE /* one without a meaning */,
	MOUSE_CLICK,
	MOUSE_UP,
	MOUSE_DOWN /* the wheel */
};

struct key_event {
	int key;
	const char *text; /* of a paste, borrowed */
	size_t n;
	enum mouse_button button; /* of KEY_CODE_MOUSE, and where, from 0 */
	int row;
	int column;
};

#endif
