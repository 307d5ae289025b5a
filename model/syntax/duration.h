/*
 * Lengths of time: int64_t microseconds.
 *
 * Typed and exact: one whole number and its unit, "90s", "15m", "2h", "7d", and
 * below a second "500ms", "20us", so that every length can be written.  There
 * is no default unit: "30" has meant seconds to one person and days to another.
 *
 * Read by people: "1h 50m", as little as tells the size of it.
 */
#ifndef MODEL_SYNTAX_DURATION_H
#define MODEL_SYNTAX_DURATION_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct err;

/* The longest that is accepted, 1000000d (2,700 years): so that any time plus any duration is a time. */
#define DURATION_MAX (INT64_C(1000000) * 86400 * 1000000)

/* 0 to DURATION_MAX, else ERR_INVALID_INPUT. */
bool duration_parse(const char *text, int64_t *us, struct err *err) __attribute__((warn_unused_result));

/* Appends what duration_parse() reads as the same length: the largest unit that divides it, "0s" for nothing.
 * A negative one gets a "-". */
void duration_text(int64_t us, struct buf *out);

/* Appends the form for people, rounded down: "5s" under a minute, "59m", "1h 50m", "6h", "9d 23h", from ten
 * days on only days; at most 7 columns up to 999999d. What is negative counts as 0: clocks differ. */
void duration_age(int64_t us, struct buf *out);

#endif
