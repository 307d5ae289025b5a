/* Bytes from the terminal: escape sequences, pastes, reports of the mouse. Every event is one that the
 * console knows. */
#include <curses.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "ui/console/terminal/key.h"
#include "ui/console/terminal/keyboard.h"

enum { MOST = 4096 /* a pipe holds more */, PASTE_MOST = 65536 + 4 };

/* Bytes of an unfinished sequence at the end of the input before, which curses keeps. */
enum { HELD_BACK = 16 };

/* Starts curses on a pipe, once. Returns its two ends. */
static const int *start(void) {
	static int ends[2] = {-1, -1};
	FILE *in, *out;

	if (ends[0] >= 0) {
		return ends;
	}
	fuzz_check(setlocale(LC_ALL, "C.UTF-8") != NULL && pipe2(ends, O_CLOEXEC) == 0);
	in = fdopen(ends[0], "r");
	out = fopen("/dev/null", "we");
	fuzz_check(in != NULL && out != NULL && newterm("xterm-256color", out, in) != NULL);
	fuzz_check(keypad(stdscr, TRUE) == OK && nodelay(stdscr, TRUE) == OK && set_escdelay(0) == OK);
	keyboard_start();
	return ends;
}

static void check(const struct key_event *event) {
	fuzz_check(event->key >= 0 && event->key <= KEY_CODE_UNKNOWN);
	if (event->key == KEY_CODE_PASTE) {
		fuzz_check(event->n <= PASTE_MOST && event->text[event->n] == '\0');
	}
	if (event->key == KEY_CODE_MOUSE) {
		fuzz_check(event->button <= MOUSE_DOWN && event->row >= -1 && event->row < 9999);
		fuzz_check(event->column >= -1 && event->column < 9999);
	}
}

/* Returns the bytes that curses has not read. It stops at invalid UTF-8. */
static int unread(int end) {
	int left = 0;

	fuzz_check(ioctl(end, FIONREAD, &left) == 0);
	return left;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	const int *ends = start();
	struct keyboard keyboard = {0};
	struct key_event event = {0};
	size_t most = n < MOST ? n : MOST;
	size_t events = 0;
	int left = (int)most + 1;

	fuzz_check(write(ends[1], data, most) == (ssize_t)most);
	while (left > 0) {
		int before = left;

		while (keyboard_read(&keyboard, 0, &event)) {
			check(&event);
			fuzz_check(events++ <= most + HELD_BACK); /* none without a byte */
		}
		left = unread(ends[0]);
		fuzz_check(left < before);
	}
	keyboard_release(&keyboard);
	return 0;
}
