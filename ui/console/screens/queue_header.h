/*
 * The lines above the queue: whether anybody serves it, how much there is, and
 * how late it is.
 */
#ifndef UI_CONSOLE_SCREENS_QUEUE_HEADER_H
#define UI_CONSOLE_SCREENS_QUEUE_HEADER_H

#include <stdint.h>

struct pen;
struct queue_stats;
struct rowset;

/* `workers` are struct worker. The loudest comes first, for there may be one line only. */
void queue_head(struct pen *p, const struct queue_stats *stats, const struct rowset *workers, int64_t now);

#endif
