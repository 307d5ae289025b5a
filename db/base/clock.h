/*
 * The clocks.  Time is int64_t microseconds since 1970-01-01 UTC.  TIME_NONE is no time; TIME_NEVER is later
 * than any time and is sent to the server as infinity, never read from it.
 *
 * Only this file reads a clock.  model/ takes the time as an argument.
 */
#ifndef DB_BASE_CLOCK_H
#define DB_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define TIME_NONE INT64_MIN
#define TIME_NEVER INT64_MAX
#define TIME_SECOND INT64_C(1000000)

/* Returns the wall clock, for what people see. */
int64_t clock_now(void);

/* Returns a clock that never jumps, for deadlines ("steady time"); its zero has no meaning. */
int64_t clock_steady(void);

/* Returns the milliseconds until a steady deadline, for poll(): rounded up, 0 when it has passed, -1 for
 * TIME_NONE. */
int clock_poll(int64_t deadline);

/* Returns true when the steady deadline has passed; TIME_NONE never passes. */
bool clock_passed(int64_t deadline);

/* Returns the earlier of two deadlines; TIME_NONE is later than any other. */
int64_t clock_sooner(int64_t a, int64_t b);

#endif
