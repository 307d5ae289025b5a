/*
 * What became of a lease: its events and the commands about it in one line of
 * time, and why it waits.
 */
#ifndef UI_CONSOLE_SCREENS_TIMELINE_H
#define UI_CONSOLE_SCREENS_TIMELINE_H

#include <stdint.h>

struct pen;
struct rowset;

/* `events` are struct event, `commands` struct command, `waiting` struct waiting, none or one. */
void timeline_draw(struct pen *p, const struct rowset *events, const struct rowset *commands,
    const struct rowset *waiting, int64_t now);

#endif
