/*
 * A command of the queue as a glyph, a word, a style and sentences.
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

/* Returns the badge. Besides the states of the server it shows whether the command waits, is retried, and how
 * it ended. */
const struct badge *command_badge(const struct command *command, int64_t now)
    __attribute__((returns_nonnull));

/* Returns why a command cannot be cancelled, retried, skipped or forced, or NULL. */
const char *command_refuses(const struct command *command, enum plan_act act);

bool command_ended(const struct command *command);

/* Returns the target as people call it: "10.0.0.7 of web"; foreign. */
const char *command_target(const struct command *command);

/* Appends the time since it could have been consumed; for an ended one, how long that took: "12ms", "3m
 * 20s". */
void command_lag(const struct command *command, int64_t now, struct buf *out);

/* Appends when it is processed next, or by whom: "in 8s", "w1", "needs you", "2 of 3". */
void command_next(const struct command *command, int64_t now, struct buf *out);

/* Returns true when that time is shown to the second, while it can be cancelled. */
bool command_ticks(const struct command *command, int64_t now);

/* Appends how it ended and why, or the result of its last attempt. Foreign. */
void command_result(const struct command *command, struct buf *out);

/* Prints one line: glyph, target, result. */
void command_line(struct pen *p, const struct command *command, int64_t now);

void command_summary(struct pen *p, const struct command *command, int64_t now);
void command_detail(struct pen *p, const struct command *command, int64_t now); /* in command_detail.c */
void command_linear(const struct command *command, int64_t now, struct buf *out);

#endif
