/*
 * Signals as something to read: blocked, and told through a descriptor that the
 * loop polls beside everything else.
 */
#ifndef UI_CONSOLE_SIGNALS_H
#define UI_CONSOLE_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

struct signals {
	int fd;
	sigset_t before; /* the mask to give back */
};

bool signals_start(struct signals *s) __attribute__((warn_unused_result));
void signals_stop(struct signals *s);

/* The next one that came; 0 when there is none. */
int signals_read(const struct signals *s);

/* Stops the process as the shell expects it, with the whole job for Ctrl-Z; returns when it goes on. */
void signals_suspend(bool job);

#endif
