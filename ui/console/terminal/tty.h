/*
 * The terminal.  Only tty.c, keyboard.c and terminfo.c use curses.
 *
 * It shows grids, sending only differences, reads key events, and restores the terminal.  It handles no
 * signals: the loop blocks SIGWINCH and calls tty_resize().
 */
#ifndef UI_CONSOLE_TERMINAL_TTY_H
#define UI_CONSOLE_TERMINAL_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct grid;
struct key_event;
struct theme;
struct tty;

/* Returns true when the user's locale is UTF-8; else only ASCII can be drawn. Sets LC_CTYPE. */
bool tty_utf8(void);

/* Takes over the terminal; NULL with an error when its type is unknown or cannot place the cursor. A terminal
 * without colours, and `mono`, have the theme "mono" whatever is given here. */
struct tty *tty_start(const char *type, const struct theme *theme, bool mono, struct err *err)
    __attribute__((warn_unused_result));

/* Changes the theme, which the next painting anew shows. */
void tty_theme(struct tty *tty, const struct theme *theme);

/* Restores the terminal and frees; takes NULL. */
void tty_stop(struct tty *tty);

/* Restore the terminal for a while (Ctrl-Z), and take it over again. */
void tty_leave(struct tty *tty);
void tty_return(struct tty *tty);

/* Makes the terminal report the mouse, or not. */
void tty_mouse(struct tty *tty, bool on);

int tty_fd(const struct tty *tty);
void tty_size(const struct tty *tty, int *rows, int *columns);
void tty_resize(struct tty *tty);

/* Shows a grid; with `anew` everything is sent again. */
void tty_paint(struct tty *tty, const struct grid *g, bool anew);

/* Reads the next event; false when there is none now. Call it until then after every wake-up, because curses
 * reads ahead. The text of a paste is valid until the next call. A paste without an end is discarded a second
 * after its last byte. */
bool tty_read(struct tty *tty, int64_t now, struct key_event *event);

/* Discards typed-ahead input. */
void tty_flush(struct tty *tty);

/* Returns true when the terminal has hung up. */
bool tty_gone(const struct tty *tty);

/* Writes a control sequence, past stdout's buffer: an error of a closed terminal is not an error of our
 * output. */
void tty_send(struct tty *tty, const char *bytes, size_t n);

#endif
