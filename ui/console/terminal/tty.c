#include "ui/console/terminal/tty.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/terminal/keyboard.h"
#include "ui/console/terminal/rescue.h"
#include "ui/console/terminal/terminfo.h"
#include "ui/console/terminal/theme.h"

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

struct tty {
	SCREEN *screen;
	bool colour;
	struct theme theme;
	bool mouse;         /* is to be on */
	struct grid *shown; /* the content of the screen; NULL: unknown */
	bool clears;        /* there is no alternate screen: the last line is cleared at the end */
	struct keyboard keyboard;
	struct termios before;
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

bool tty_utf8(void) {
	(void)setlocale(LC_CTYPE, "");
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* Returns the number of a colour on this terminal. */
static short number_of(struct colour colour) {
	return colour.rich < COLORS ? colour.rich : colour.basic;
}

static short pair_of(enum style style, bool cursor) {
	return (short)(1 + (int)style + (cursor ? STYLES : 0));
}

/* Gives each look its pair of colours: that of a style, or the same in the row of the cursor. */
static void start_pairs(struct tty *tty) {
	for (int i = 0; tty->colour && i < STYLES; i++) {
		for (int cursor = 0; cursor < 2; cursor++) {
			struct look look = theme_look(&tty->theme, (enum style)i, cursor != 0, false);

			(void)init_pair(
			    pair_of((enum style)i, cursor != 0), number_of(look.ink), number_of(look.paper));
		}
	}
}

void tty_theme(struct tty *tty, const struct theme *theme) {
	tty->theme = tty->colour ? *theme : theme_builtin("mono");
	start_pairs(tty);
}

static void take_over(struct tty *tty) {
	(void)raw();
	(void)noecho();
	(void)nonl();
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	tty_send(tty, PASTE_ON, strlen(PASTE_ON));
	if (tty->mouse) {
		tty_send(tty, MOUSE_ON, strlen(MOUSE_ON));
	}
}

void tty_mouse(struct tty *tty, bool on) {
	tty->mouse = on;
	tty_send(tty, on ? MOUSE_ON : MOUSE_OFF, strlen(on ? MOUSE_ON : MOUSE_OFF));
}

/* Appends a capability without its delays, "$<5>". */
static void add_unpadded(struct buf *out, const char *text) {
	while (*text != '\0') {
		size_t n = strcspn(text, "$");

		buf_add(out, text, n);
		text += n;
		if (strncmp(text, "$<", 2) == 0) {
			text += strcspn(text, ">");
			text += *text == '>' ? 1 : 0;
		} else if (*text != '\0') {
			buf_char(out, *text++);
		}
	}
}

/* Prepares the bytes that restore the screen without curses. */
static void prepare_rescue(const struct tty *tty) {
	static const char *const ends[] = {"sgr0", "cnorm", "rmkx", "rmcup"};
	struct buf bytes = {0};

	buf_puts(&bytes, MOUSE_OFF PASTE_OFF);
	for (size_t i = 0; i < COUNT(ends); i++) {
		add_unpadded(&bytes, terminfo_text(ends[i]));
	}
	buf_puts(&bytes, "\r\n");
	rescue_start(&tty->before, buf_text(&bytes));
	buf_release(&bytes);
}

struct tty *tty_start(const char *type, const struct theme *theme, bool mono, struct err *err) {
	struct tty *tty = mem_new(1, sizeof *tty);

	(void)tcgetattr(STDIN_FILENO, &tty->before);
	(void)set_escdelay(25);
	tty->screen = terminfo_can_draw(type) ? newterm(type, stdout, stdin) : NULL;
	if (tty->screen == NULL) {
		(void)err_set(err, ERR_INVALID_INPUT, "the terminal type \"%s\" cannot show the console",
		    type == NULL ? "" : type);
		(void)err_hint(err, "berth --once pools prints a screen");
		free(tty);
		return NULL;
	}
	tty->clears = !terminfo_has("rmcup");
	(void)set_escdelay(25);
	tty->colour = !mono && has_colors() && start_color() != ERR && use_default_colors() != ERR;
	tty_theme(tty, theme);
	keyboard_start();
	prepare_rescue(tty);
	take_over(tty);
	return tty;
}

void tty_leave(struct tty *tty) {
	if (tty->mouse) {
		tty_send(tty, MOUSE_OFF, strlen(MOUSE_OFF));
	}
	tty_send(tty, PASTE_OFF, strlen(PASTE_OFF));
	(void)curs_set(1);
	if (tty->clears) {
		(void)move(LINES - 1, 0);
		(void)clrtoeol();
		(void)refresh();
	}
	(void)endwin();
}

void tty_return(struct tty *tty) {
	(void)reset_prog_mode();
	take_over(tty);
	tty_resize(tty);
}

void tty_stop(struct tty *tty) {
	if (tty != NULL) {
		tty_leave(tty);
		rescue_stop();
		delscreen(tty->screen);
		grid_free(tty->shown);
		keyboard_release(&tty->keyboard);
		free(tty);
	}
}

int tty_fd(const struct tty *tty) {
	(void)tty;
	return STDIN_FILENO;
}

void tty_size(const struct tty *tty, int *rows, int *columns) {
	struct winsize size;

	(void)tty;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
		*rows = size.ws_row;
		*columns = size.ws_col;
	} else {
		*rows = LINES;
		*columns = COLS;
	}
}

void tty_resize(struct tty *tty) {
	int rows;
	int columns;

	tty_size(tty, &rows, &columns);
	if (rows > 0 && columns > 0) {
		(void)resizeterm(rows, columns);
	}
	grid_free(tty->shown);
	tty->shown = NULL;
}

static attr_t attributes(const struct tty *tty, const struct cell *cell, short *pair) {
	enum style style = (enum style)cell->style;
	struct look look = theme_look(&tty->theme, style, cell->cursor, cell->gauge);
	attr_t attr = A_NORMAL;

	attr |= look.bold ? A_BOLD : A_NORMAL;
	attr |= look.dim ? A_DIM : A_NORMAL;
	attr |= look.underline ? A_UNDERLINE : A_NORMAL;
	attr |= look.reverse ? A_REVERSE : A_NORMAL;
	*pair = tty->colour ? pair_of(style, cell->cursor && !cell->gauge) : 0;
	return attr;
}

/* Writes a cell. One to which the C library gives another width would shift the rest of its row, so it
 * becomes "?". */
static void put_cell(const struct tty *tty, int row, int column, const struct cell *cell) {
	wchar_t wide[CCHARW_MAX + 1] = {0};
	size_t n = mbstowcs(wide, cell->text, 3);
	short pair;
	attr_t attr = attributes(tty, cell, &pair);
	cchar_t out;

	if (n == (size_t)-1 || n == 0 || wcwidth(wide[0]) != cell->width) {
		for (int i = 0; i < cell->width; i++) {
			(void)setcchar(&out, L"?", attr, pair, NULL);
			(void)mvadd_wch(row, column + i, &out);
		}
		return;
	}
	for (size_t i = 1; i < n; i++) {
		if (wcwidth(wide[i]) != 0) {
			wide[i] = L'\0';
			break;
		}
	}
	(void)setcchar(&out, wide, attr, pair, NULL);
	(void)mvadd_wch(row, column, &out);
}

static void put_row(const struct tty *tty, const struct grid *g, int row) {
	for (int column = 0; column < g->columns; column++) {
		const struct cell *cell = grid_at(g, row, column);

		if (cell->width > 0) {
			put_cell(tty, row, column, cell);
		}
	}
}

static void place_cursor(const struct grid *g) {
	if (g->cursor_row >= 0 && g->cursor_row < g->rows) {
		(void)move(g->cursor_row, g->cursor_column);
		(void)curs_set(1);
	} else {
		(void)curs_set(0);
	}
}

static void remember(struct tty *tty, const struct grid *g) {
	if (tty->shown == NULL) {
		tty->shown = grid_new(g->rows, g->columns, g->ascii);
	}
	grid_copy(tty->shown, g);
}

void tty_paint(struct tty *tty, const struct grid *g, bool anew) {
	bool known = tty->shown != NULL && tty->shown->rows == g->rows && tty->shown->columns == g->columns;

	if (g->rows == 0 || g->columns == 0 || (known && !anew && grid_equal(tty->shown, g))) {
		return;
	}
	if (!known) {
		grid_free(tty->shown);
		tty->shown = NULL;
	}
	if (anew || !known) {
		(void)clearok(curscr, TRUE);
	}
	for (int row = 0; row < g->rows; row++) {
		if (!known || anew || !grid_row_equal(tty->shown, g, row)) {
			put_row(tty, g, row);
		}
	}
	place_cursor(g);
	(void)wnoutrefresh(stdscr);
	(void)doupdate();
	remember(tty, g);
}

bool tty_read(struct tty *tty, int64_t now, struct key_event *event) {
	return keyboard_read(&tty->keyboard, now, event);
}

void tty_flush(struct tty *tty) {
	(void)tty;
	(void)flushinp();
}

bool tty_gone(const struct tty *tty) {
	struct pollfd fd = {.fd = tty_fd(tty), .events = POLLIN};
	int bytes = 0;

	if (poll(&fd, 1, 0) <= 0) {
		return false;
	}
	if ((fd.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) {
		return true;
	}
	return ioctl(fd.fd, FIONREAD, &bytes) != 0 || bytes == 0;
}

void tty_send(struct tty *tty, const char *bytes, size_t n) {
	(void)tty;
	while (n > 0) {
		ssize_t sent = write(STDOUT_FILENO, bytes, n);

		if (sent > 0) {
			bytes += sent;
			n -= (size_t)sent;
		} else if (errno != EINTR) {
			return;
		}
	}
}
