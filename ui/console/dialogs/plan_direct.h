/*
 * The texts of the plan of a verb that acts at once, for ui/console/dialogs/plan.h.
 */
#ifndef UI_CONSOLE_DIALOGS_PLAN_DIRECT_H
#define UI_CONSOLE_DIALOGS_PLAN_DIRECT_H

#include <stddef.h>

struct buf;
struct plan;

/* Appends a line of its list. Foreign. */
void plan_direct_line(const struct plan *plan, size_t line, struct buf *out);

/* Appends the changes as the events that it would write. */
void plan_direct_json(const struct plan *plan, struct buf *out);

/* Appends the line as it was typed, under the id of its request. */
void plan_direct_command(const struct plan *plan, struct buf *out);

#endif
