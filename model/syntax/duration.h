/*
 * Durations: int64_t microseconds.
 *
 * They are written as one whole number and its unit: "90s", "15m", "2h", "7d", "500ms", "20us".  The unit is
 * required, since "30" means seconds to some and days to others.
 */
#ifndef MODEL_SYNTAX_DURATION_H
#define MODEL_SYNTAX_DURATION_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct err;

/* The longest duration, 1000000d (2,700 years), so that any time plus any duration is a time. */
#define DURATION_MAX (INT64_C(1000000) * 86400 * 1000000)

/* Reads 0 to DURATION_MAX; else ERR_INVALID_INPUT. */
bool duration_parse(const char *text, int64_t *us, struct err *err) __attribute__((warn_unused_result));

/* Appends the duration in the largest unit that divides it, as duration_parse() reads it; "0s" for 0. A
 * negative one gets a "-". */
void duration_text(int64_t us, struct buf *out);

#endif
