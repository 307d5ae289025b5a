/*
 * Times: int64_t microseconds since 1970-01-01 UTC (db/base/clock.h), read and written as RFC 3339.
 *
 * Accepted are "2026-11-21T13:04:05.25Z", "2026-11-21 14:04:05+01:00" (T, t or a blank; Z or z) and
 * "2026-11-21" for midnight UTC.  Fractions are cut to microseconds; second 60 is the start of the next
 * minute.  A time of day needs an offset.  Times are written in UTC with six digits, so that texts sort as
 * times do.
 */
#ifndef MODEL_SYNTAX_INSTANT_H
#define MODEL_SYNTAX_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct err;

/* Reads a time from 1970 to 9999 in UTC; else ERR_INVALID_INPUT. */
bool instant_parse(const char *text, int64_t *us, struct err *err) __attribute__((warn_unused_result));

/* Reads an end: a time, or "never" as TIME_NEVER. */
bool end_parse(const char *text, int64_t *us, struct err *err) __attribute__((warn_unused_result));

/* Appends an end, as end_parse() reads it. */
void end_text(int64_t us, struct buf *out);

/* Appends "2026-11-21T13:04:05.000000Z". us must be neither TIME_NONE nor TIME_NEVER. */
void instant_text(int64_t us, struct buf *out);

#endif
