/*
 * The lines above the queue: the workers, the number of commands, and the lag.
 */
#ifndef UI_CONSOLE_SCREENS_QUEUE_HEADER_H
#define UI_CONSOLE_SCREENS_QUEUE_HEADER_H

#include <stdint.h>

struct pen;
struct queue_stats;
struct rowset;

/* Prints the lines. `workers` are struct worker. The most urgent line comes first, since there may be room
 * for one only. */
void queue_head(struct pen *p, const struct queue_stats *stats, const struct rowset *workers, int64_t now);

#endif
