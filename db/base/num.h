/*
 * Numbers wider than a register.
 *
 * A value (an address, a number, a slot) has at most 128 bits: u128.  A count
 * of values has more (::/0 alone holds 2^128 of them, and pools add up), is
 * computed by the server as numeric, and is only shown here: struct count, its
 * decimal digits, exact.
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
	char digits[64]; /* "0", "187875590", never a sign, never empty once decoded */
};

/* Reads n decimal digits; false when n is 0, on anything but digits, or past 2^128 - 1. */
bool u128_parse(const char *digits, size_t n, u128 *value) __attribute__((warn_unused_result));

/* Writes it in decimal; returns out. */
const char *u128_text(u128 value, char out[U128_TEXT]);

/* Reads a whole decimal text from min to max; false for anything else. The one
 * parser of the program for numbers that people type. */
bool int_parse(const char *text, int64_t min, int64_t max, int64_t *value)
    __attribute__((warn_unused_result));

/* The nearest double: for gauges and forecasts, never for what is printed. */
double count_real(struct count count);

bool count_is_zero(struct count count);

/* At most 6 columns for people: "99999", "1.9M", "18E" ... rounded down, so
 * that a free value is never promised twice. Returns out. */
const char *count_short(struct count count, char out[8]);

#endif
