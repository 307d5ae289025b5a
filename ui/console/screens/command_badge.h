/*
 * What a command of the queue means, in a glyph, a word, a style and sentences.
 */
#ifndef UI_CONSOLE_SCREENS_COMMAND_BADGE_H
#define UI_CONSOLE_SCREENS_COMMAND_BADGE_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/console/widgets/pen.h"
#include "ui/console/list/action.h"
#include "ui/console/terminal/style.h"

struct buf;
struct command;

/* Beyond the states of the server: what waits, is tried again, and how it ended. */
const struct badge *command_badge(const struct command *command, int64_t now)
    __attribute__((returns_nonnull));

/* Returns why a command cannot be cancelled, retried, skipped or forced, or NULL. */
const char *command_refuses(const struct command *command, enum plan_act act);

bool command_ended(const struct command *command);

/* What it is about, as people call it: "10.0.0.7 of web"; foreign. */
const char *command_target(const struct command *command);

/* Since it could have been consumed; of one that has ended, how long that took: "12ms" "3m 20s". */
void command_lag(const struct command *command, int64_t now, struct buf *out);

/* When it is next looked at, or by whom: "in 8s", "w1", "needs you", "2 of 3". */
void command_next(const struct command *command, int64_t now, struct buf *out);

/* Whether that is a window to the second, in which it can be taken back. */
bool command_ticks(const struct command *command, int64_t now);

/* How it ended and why; or how its last attempt did. Foreign. */
void command_result(const struct command *command, struct buf *out);

/* One line: glyph, target, result. */
void command_line(struct pen *p, const struct command *command, int64_t now);

void command_summary(struct pen *p, const struct command *command, int64_t now);
void command_detail(struct pen *p, const struct command *command, int64_t now); /* in command_detail.c */
void command_alert(const struct command *command, struct buf *out);
void command_linear(const struct command *command, int64_t now, struct buf *out);

#endif
