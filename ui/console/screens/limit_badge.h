/*
 * Limits, of leases or of projects: how they are typed, and how near a use is to
 * its limit, as a word, a glyph and a style.
 *
 * Neither has thresholds of its own; they are told as pools are by default.  A
 * limit may stand below the use: that is a word of its own, and as loud as a
 * limit that is reached.
 */
#ifndef UI_CONSOLE_SCREENS_LIMIT_BADGE_H
#define UI_CONSOLE_SCREENS_LIMIT_BADGE_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/console/terminal/style.h"

struct buf;
struct err;

/* The calmest first. */
enum nearness { LIMIT_UNUSED, LIMIT_FAR, LIMIT_NEAR, LIMIT_NEARER, LIMIT_REACHED, LIMIT_PASSED };

/* NO_LIMIT of model/project.h is none. Of a limit of nothing all is used. */
enum nearness limit_nearness(int64_t use, int64_t limit);
double limit_percent(int64_t use, int64_t limit);
const struct badge *limit_badge(int64_t use, int64_t limit) __attribute__((returns_nonnull));

/* Reads a number; nothing, or "none", is no limit. */
bool limit_read(const char *text, int64_t *limit, struct err *err) __attribute__((warn_unused_result));

/* Appends "50 leases", "no limit"; of what is typed and cannot be read, that. */
void limit_put(int64_t limit, const char *one, const char *many, struct buf *out);
void limit_as_typed(const char *text, const char *one, const char *many, struct buf *out);

#endif
