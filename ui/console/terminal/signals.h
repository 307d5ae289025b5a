/*
 * Signals as events: blocked, and read from a descriptor that the loop polls.
 *
 * signals_stop() restores the previous mask and actions, also those that curses has replaced meanwhile.
 */
#ifndef UI_CONSOLE_TERMINAL_SIGNALS_H
#define UI_CONSOLE_TERMINAL_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

enum { SIGNALS = 7 };

struct signals {
	int fd;
	sigset_t before; /* the previous mask */
	struct sigaction actions[SIGNALS];
};

bool signals_start(struct signals *s) __attribute__((warn_unused_result));

/* Discards unread signals. Returns SIGTERM, SIGHUP or SIGQUIT when one of them was among them, else 0. */
int signals_stop(struct signals *s);

/* Returns the next signal; 0 when there is none. */
int signals_read(const struct signals *s);

/* Stops the process as the shell expects it, with `job` the whole job; returns when it is continued. */
void signals_suspend(bool job);

#endif
