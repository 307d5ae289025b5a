/*
 * Limits of leases or of projects: reading them, and how close the use is to the limit, as a word, a glyph
 * and a style.
 *
 * They have no thresholds of their own, but the defaults of pools. A limit may be below the use; that has a
 * word of its own, and is as prominent as a reached limit.
 */
#ifndef UI_CONSOLE_SCREENS_LIMIT_BADGE_H
#define UI_CONSOLE_SCREENS_LIMIT_BADGE_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/console/terminal/style.h"

struct buf;
struct err;

/* In order of severity. */
enum nearness { LIMIT_UNUSED, LIMIT_FAR, LIMIT_NEAR, LIMIT_NEARER, LIMIT_REACHED, LIMIT_PASSED };

/* The limit may be NO_LIMIT of model/project.h. A limit of 0 is fully used. */
enum nearness limit_nearness(int64_t use, int64_t limit);
double limit_percent(int64_t use, int64_t limit);
const struct badge *limit_badge(int64_t use, int64_t limit) __attribute__((returns_nonnull));

/* Reads a number; an empty text, or "none", is no limit. */
bool limit_read(const char *text, int64_t *limit, struct err *err) __attribute__((warn_unused_result));

/* Append "at most 50 leases", "no limit"; a typed text that is not a limit is appended as it is. */
void limit_put(int64_t limit, const char *one, const char *many, struct buf *out);
void limit_as_typed(const char *text, const char *one, const char *many, struct buf *out);

#endif
