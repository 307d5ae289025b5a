#include "ui/console/terminal/keyboard.h"

#include <curses.h>
#include <limits.h>
#include <string.h>
#include <wchar.h>

#include "db/base/clock.h"
#include "db/base/num.h"
#include "ui/console/terminal/key.h"

#define KEY_PASTE_BEGIN 600 /* beyond those of curses */
#define KEY_PASTE_END 601
#define KEY_MOUSE_BEGIN 602
#define PASTE_MAX 65536
#define CHARACTER_MAX 0x10ffff /* curses also takes sequences of five and six bytes for characters */
#define PASTE_WAIT TIME_SECOND

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* terminfo has only the application forms of the arrow keys. */
static const struct {
	const char *bytes;
	int key;
} sequences[] = {
    {"\033[A", KEY_UP},
    {"\033[B", KEY_DOWN},
    {"\033[C", KEY_RIGHT},
    {"\033[D", KEY_LEFT},
    {"\033[H", KEY_HOME},
    {"\033[F", KEY_END},
    {"\033[1~", KEY_HOME},
    {"\033[4~", KEY_END},
    {"\033[200~", KEY_PASTE_BEGIN},
    {"\033[201~", KEY_PASTE_END},
    {"\033[<", KEY_MOUSE_BEGIN},
};

static const struct {
	int key;
	int event;
} events[] = {
    {KEY_UP, KEY_CODE_UP},
    {KEY_DOWN, KEY_CODE_DOWN},
    {KEY_LEFT, KEY_CODE_LEFT},
    {KEY_RIGHT, KEY_CODE_RIGHT},
    {KEY_PPAGE, KEY_CODE_PAGE_UP},
    {KEY_NPAGE, KEY_CODE_PAGE_DOWN},
    {KEY_HOME, KEY_CODE_HOME},
    {KEY_END, KEY_CODE_END},
    {KEY_BACKSPACE, KEY_CODE_BACKSPACE},
    {KEY_DC, KEY_CODE_DELETE},
    {KEY_BTAB, KEY_CODE_BACK_TAB},
    {KEY_ENTER, KEY_CODE_ENTER},
    {KEY_F(1), KEY_CODE_F1},
    {KEY_F(5), KEY_CODE_F5},
    {KEY_F(10), KEY_CODE_F10},
};

void keyboard_start(void) {
	for (size_t i = 0; i < COUNT(sequences); i++) {
		(void)define_key(sequences[i].bytes, sequences[i].key);
	}
}

void keyboard_release(struct keyboard *k) {
	buf_release(&k->text);
}

static int event_of(int key) {
	for (size_t i = 0; i < COUNT(events); i++) {
		if (events[i].key == key) {
			return events[i].event;
		}
	}
	return KEY_CODE_UNKNOWN;
}

/* Adds a character between the markers of a paste, whatever it is. */
static void take_pasted(struct keyboard *k, wint_t c, int64_t now) {
	char bytes[MB_LEN_MAX + 1];
	mbstate_t state = {0};
	size_t n = wcrtomb(bytes, (wchar_t)c, &state);

	k->pasted = now;
	if (c <= CHARACTER_MAX && n != (size_t)-1 && k->text.len < PASTE_MAX) {
		buf_add(&k->text, bytes, n);
	}
}

static bool begins_or_ends(struct keyboard *k, int key, int64_t now, struct key_event *event) {
	if (key == KEY_PASTE_BEGIN) {
		k->pasting = true;
		k->pasted = now;
		buf_cut(&k->text, 0);
	} else if (key == KEY_PASTE_END && k->pasting) {
		k->pasting = false;
		*event = (struct key_event){KEY_CODE_PASTE, buf_text(&k->text), k->text.len};
		return true;
	}
	return false;
}

/* Returns the meaning of a report's button; modifiers do not count. */
static enum mouse_button button_of(int code, bool pressed) {
	switch (code & ~(4 | 8 | 16)) {
	case 0:
		return pressed ? MOUSE_CLICK : MOUSE_NONE;
	case 64:
		return MOUSE_UP;
	case 65:
		return MOUSE_DOWN;
	default:
		return MOUSE_NONE;
	}
}

/* Reads a report, "0;12;3" with column and row from 1; false when it is none. */
static bool read_report(char *report, int64_t numbers[3]) {
	for (size_t i = 0; i < 3; i++) {
		const char *number = strsep(&report, ";");

		if (number == NULL || !int_parse(number, 0, 9999, &numbers[i])) {
			return false;
		}
	}
	return report == NULL;
}

/* Takes a character of a report, "0;12;3M"; true at its end. */
static bool take_report(struct keyboard *k, wint_t c, struct key_event *event) {
	int64_t numbers[3];

	if ((c >= '0' && c <= '9') || c == ';') {
		k->pointing = k->reported + 1 < sizeof k->report;
		if (k->pointing) {
			k->report[k->reported++] = (char)c;
		}
		return false;
	}
	k->report[k->reported] = '\0';
	k->pointing = false;
	*event = (struct key_event){.key = KEY_CODE_MOUSE};
	if ((c == 'M' || c == 'm') && read_report(k->report, numbers)) {
		event->button = button_of((int)numbers[0], c == 'M');
		event->column = (int)numbers[1] - 1;
		event->row = (int)numbers[2] - 1;
	}
	return true;
}

static int key_of(wint_t character) {
	return character <= CHARACTER_MAX ? (int)character : KEY_CODE_UNKNOWN;
}

bool keyboard_read(struct keyboard *k, int64_t now, struct key_event *event) {
	wint_t c;
	int kind;

	while ((kind = get_wch(&c)) != ERR) {
		if (kind == KEY_CODE_YES && (c == KEY_PASTE_BEGIN || c == KEY_PASTE_END)) {
			if (begins_or_ends(k, (int)c, now, event)) {
				return true;
			}
		} else if (k->pasting) {
			if (kind == OK) {
				take_pasted(k, c, now);
			}
		} else if (kind == KEY_CODE_YES && c == KEY_MOUSE_BEGIN) {
			k->pointing = true;
			k->reported = 0;
		} else if (k->pointing && kind == OK) {
			if (take_report(k, c, event)) {
				return true;
			}
		} else if (kind == OK || c != KEY_RESIZE) {
			*event = (struct key_event){.key = kind == OK ? key_of(c) : event_of((int)c)};
			return true;
		}
	}
	if (k->pasting && now - k->pasted > PASTE_WAIT) {
		k->pasting = false;
		buf_cut(&k->text, 0);
	}
	return false;
}
