/*
 * Points in time: int64_t microseconds since 1970-01-01 UTC (db/base/clock.h), read
 * and written as RFC 3339.
 *
 * Read: "2026-11-21T13:04:05.25Z", "2026-11-21 14:04:05+01:00" (a blank, or
 * either letter in either case), "2026-11-21" alone for its midnight UTC.  A
 * fraction may have any number of digits and is cut to microseconds.  A 60th
 * second, a leap second, is read as the start of the next minute.  A time of day
 * without an offset is refused, since it would be a guess, and so is a day that
 * the calendar does not have.  What is written is always UTC with six digits,
 * so that texts sort as times do.
 */
#ifndef MODEL_SYNTAX_INSTANT_H
#define MODEL_SYNTAX_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct err;

/* From the start of 1970 to the end of 9999, in UTC; else ERR_INVALID_INPUT. */
bool instant_parse(const char *text, int64_t *us, struct err *err) __attribute__((warn_unused_result));

/* Reads when something ends: a time, or "never" as TIME_NEVER. */
bool end_parse(const char *text, int64_t *us, struct err *err) __attribute__((warn_unused_result));

/* Appends it as end_parse() reads it. */
void end_text(int64_t us, struct buf *out);

/* Appends "2026-11-21T13:04:05.000000Z". us is a time, neither TIME_NONE nor TIME_NEVER. */
void instant_text(int64_t us, struct buf *out);

#endif
