/*
 * Time is int64_t microseconds since 1970-01-01 UTC; TIME_NONE is no time.
 * TIME_NEVER, later than all, is sent to the server as its infinity and never read.
 *
 * Nothing but this file reads a clock.  model/ takes the time as an argument.
 */
#ifndef DB_BASE_CLOCK_H
#define DB_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define TIME_NONE INT64_MIN
#define TIME_NEVER INT64_MAX
#define TIME_SECOND INT64_C(1000000)

/* The wall clock, for what people see. */
int64_t clock_now(void);

/* A clock that never jumps, for deadlines; its zero means nothing. */
int64_t clock_steady(void);

/* Milliseconds from now to a steady deadline as poll() takes them: rounded up,
 * 0 when it has passed, -1 for TIME_NONE. */
int clock_poll(int64_t deadline);

/* Of steady deadlines, of which TIME_NONE never comes. */
bool clock_passed(int64_t deadline);
int64_t clock_sooner(int64_t a, int64_t b);

#endif
