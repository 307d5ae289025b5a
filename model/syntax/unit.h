/*
 * Units: what one lease holds.
 *
 * In most pools that is a value.  In a pool of blocks it is a prefix, or a block of numbers, of the pool's
 * unit:
 * "/64" or "64".  A unit begins at a multiple of its size, so its first value tells which it is.
 *
 *     2001:db8:0:5::/64   10.0.64.0/26   1024-1087      blocks
 *     2001:db8:0:5::17    10.0.64.1      1024  host1:4  values
 */
#ifndef MODEL_SYNTAX_UNIT_H
#define MODEL_SYNTAX_UNIT_H

#include "model/syntax/value.h"

#define UNIT_TEXT 24 /* the unit of a pool and its NUL */

struct unit {
	enum kind kind;
	bool block; /* it was written as a block, which 10.0.0.7/32 is too */
	u128 first, last;
	char host[HOST_TEXT]; /* of a host's slot, else "" */
};

/* Returns whether the text has the form of a block. */
bool unit_is_block(const char *text, enum kind kind);

/* Reads a value or a block. */
bool unit_parse(const char *text, enum kind kind, struct unit *out, struct err *err)
    __attribute__((warn_unused_result));

/* Does so for the kind that its spelling implies. */
bool unit_guess(const char *text, struct unit *out, struct err *err) __attribute__((warn_unused_result));

/* Appends it as it would be written. */
void unit_text(const struct unit *unit, struct buf *out);

/* Reads the unit of a pool, a length of prefixes with or without a slash or a size of blocks, and writes it
 * as
 * "/64" or "64". */
bool unit_check(const char *text, enum kind kind, char out[UNIT_TEXT], struct err *err)
    __attribute__((warn_unused_result));

/* Appends what begins at a value in a pool with this unit; NULL is none. */
void unit_name(enum kind kind, u128 first, const char *host, const char *of_pool, struct buf *out);

/* Appends the unit of a pool in words: "prefixes of /64", "blocks of 64 numbers". */
void unit_words(const char *of_pool, struct buf *out);

/* Returns the last value of what begins at a value in a pool with this unit. */
u128 unit_last(enum kind kind, u128 first, const char *of_pool);

#endif
