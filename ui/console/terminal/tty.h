/*
 * The terminal. It and ui/console/terminal/keyboard.h alone know curses.
 *
 * It copies a grid to the screen (curses sends what differs, and nothing is done
 * at all when nothing does), turns bytes into presses, and gives the terminal
 * back as it was.  It handles no signal: who owns the loop blocks SIGWINCH and
 * tells, because curses would resize behind its back.
 */
#ifndef UI_CONSOLE_TERMINAL_TTY_H
#define UI_CONSOLE_TERMINAL_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct grid;
struct key_event;
struct tty;

/* Whether text of the user's locale is UTF-8; else only ASCII can be drawn. Sets LC_CTYPE. */
bool tty_utf8(void);

/* Takes the terminal, of that type of terminfo, over; NULL with an error when it is none, unknown, or cannot
 * place the cursor. */
struct tty *tty_start(const char *type, bool mono, struct err *err) __attribute__((warn_unused_result));

/* Gives it back and frees; takes NULL. */
void tty_stop(struct tty *tty);

/* Out of the way for a while (Ctrl-Z), and back. */
void tty_leave(struct tty *tty);
void tty_return(struct tty *tty);

int tty_fd(const struct tty *tty);
void tty_size(const struct tty *tty, int *rows, int *columns);
void tty_resize(struct tty *tty);

/* Shows a grid; with `anew` everything is sent again. */
void tty_paint(struct tty *tty, const struct grid *g, bool anew);

/* The next event; false when there is none now: read until then after every
 * wake-up, because curses reads ahead. The text of a paste lasts until the next
 * call. A paste whose end does not come is thrown away a second after its last
 * byte. */
bool tty_read(struct tty *tty, int64_t now, struct key_event *event);

/* Forgets what was typed ahead. */
void tty_flush(struct tty *tty);

/* Whether nobody is at the other end any more. */
bool tty_gone(const struct tty *tty);

/* Writes a control sequence of ours as it is. As with curses, nothing of it
 * stays in stdout: a terminal that has gone is no answer that got lost. */
void tty_send(struct tty *tty, const char *bytes, size_t n);

#endif
