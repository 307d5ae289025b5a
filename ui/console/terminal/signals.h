/*
 * Signals as something to read: blocked, and told through a descriptor that the
 * loop polls beside everything else.
 *
 * Whoever takes them back finds them as they were before, whatever a library
 * (curses ends the program with 1) put in their place meanwhile.
 */
#ifndef UI_CONSOLE_TERMINAL_SIGNALS_H
#define UI_CONSOLE_TERMINAL_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

enum { SIGNALS = 7 };

struct signals {
	int fd;
	sigset_t before; /* the mask to give back */
	struct sigaction actions[SIGNALS];
};

bool signals_start(struct signals *s) __attribute__((warn_unused_result));

/* What came and was not read is taken: SIGTERM, SIGHUP or SIGQUIT when one of them was among it, else 0. */
int signals_stop(struct signals *s);

/* The next one that came; 0 when there is none. */
int signals_read(const struct signals *s);

/* Stops the process as the shell expects it, with the whole job for Ctrl-Z; returns when it goes on. */
void signals_suspend(bool job);

#endif
