/*
 * Values and ranges, as they are typed.
 *
 * A value is what one lease holds: an address, a number, or a slot of a host.  All are a u128; a slot has the
 * name of its host too.  A range is what a resource is made of:
 *
 *     10.0.0.0/24   10.0.0.5-10.0.0.9   10.0.0.5     all addresses count, the network's own too
 *     fd00::/64     fd00::1-fd00::9     fd00::1      ::/0 is 2^128 values
 *     100-4094      7                                0 to 2^63 - 1
 *     host1:4       host1                            slots 1 to 4; one slot
 *
 * Reading is strict, because a wrong range would be noticed late: no blanks, no host bits after a prefix, no
 * short forms.  Errors are ERR_INVALID_INPUT with the text and the reason.
 */
#ifndef MODEL_SYNTAX_VALUE_H
#define MODEL_SYNTAX_VALUE_H

#include <stdbool.h>

#include "db/base/num.h"
#include "db/batch/rows.h"

struct buf;
struct err;

#define HOST_TEXT 64 /* the name of a host and its NUL */

/* Invariant: first <= last, both valid for the kind. A host has a name, first is 1 and last the number of
 * slots; other kinds have host "". */
struct range {
	enum kind kind;
	u128 first, last;
	char host[HOST_TEXT];
};

bool range_parse(const char *text, enum kind kind, struct range *out, struct err *err)
    __attribute__((warn_unused_result));

/* Guesses the kind from the spelling, so that a typo ("10.0.0/24", "100-") is refused as a range of that kind
 * and not taken for a host. False when it cannot be a range; true does not mean that it is one. */
bool range_guess(const char *text, enum kind *kind) __attribute__((warn_unused_result));

/* Appends the canonical spelling: the prefix form where there is one, a single value alone, else "a-b". */
void range_text(const struct range *r, struct buf *out);

/* Appends the name of its resource: the canonical spelling, for a host the name only. */
void range_name(const struct range *r, struct buf *out);

/* Reads one value. `host` becomes the name of the host, "" for other kinds. A host needs a slot. */
bool value_parse(const char *text, enum kind kind, u128 *value, char host[HOST_TEXT], struct err *err)
    __attribute__((warn_unused_result));

/* Reads one value of the kind that its spelling implies. */
bool value_guess(const char *text, enum kind *kind, u128 *value, char host[HOST_TEXT], struct err *err)
    __attribute__((warn_unused_result));

/* Appends the value; `host` is used only for KIND_HOST. */
void value_text(enum kind kind, u128 value, const char *host, struct buf *out);

#endif
