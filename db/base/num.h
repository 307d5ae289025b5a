/*
 * Numbers wider than 64 bits, and the parser of integers.
 *
 * A value (an address, a number, a slot) has at most 128 bits: u128.  A count of values may need more (::/0
 * alone holds 2^128): the server computes it as numeric, and struct count keeps its exact decimal digits.
 */
#ifndef DB_BASE_NUM_H
#define DB_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 u128;

#define U128_MAX (~(u128)0)
#define U128_TEXT 40 /* 39 digits and NUL */

struct count {
	char digits[64]; /* "0", "187875590"; never a sign, never empty once decoded */
};

/* Reads n decimal digits; false when n is 0, for other characters, and above U128_MAX. */
bool u128_parse(const char *digits, size_t n, u128 *value) __attribute__((warn_unused_result));

/* Writes the value in decimal. Returns out. */
const char *u128_text(u128 value, char out[U128_TEXT]);

/* Reads a whole text as a decimal integer from min to max; false for anything else. */
bool int_parse(const char *text, int64_t min, int64_t max, int64_t *value)
    __attribute__((warn_unused_result));

/* Returns the nearest double: for gauges and forecasts, not for printing. */
double count_real(struct count count);

bool count_is_zero(struct count count);

/* Writes at most 6 columns: "99999", "1.9M", "18E". Rounds down, so that it never shows more free values than
 * there are. Returns out. */
const char *count_short(struct count count, char out[8]);

#endif
