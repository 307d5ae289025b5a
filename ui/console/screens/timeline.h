/*
 * The history of a lease: its events and its commands on one timeline, and why it waits.
 */
#ifndef UI_CONSOLE_SCREENS_TIMELINE_H
#define UI_CONSOLE_SCREENS_TIMELINE_H

#include <stdint.h>

struct pen;
struct rowset;

/* Prints it. `events` are struct event, `commands` struct command, `waiting` struct waiting, none or one. */
void timeline_draw(struct pen *p, const struct rowset *events, const struct rowset *commands,
    const struct rowset *waiting, int64_t now);

#endif
