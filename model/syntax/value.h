/*
 * Values and ranges, as people write them.
 *
 * A value is what one lease holds: an address, a number, or a slot of a host.
 * All are a u128, so that everything behind this file counts with one type; a
 * slot has its host's name beside it.  A range is what a resource is made of:
 *
 *     10.0.0.0/24   10.0.0.5-10.0.0.9   10.0.0.5     all addresses count, the network's own too
 *     fd00::/64     fd00::1-fd00::9     fd00::1      ::/0 is 2^128 values
 *     100-4094      7                                0 to 2^63 - 1
 *     host1:4       host1                            slots 1 to 4; one slot
 *
 * Reading is strict, because a range that is not what was meant is found out
 * when it is full: no blanks, no host bits under a prefix, no short forms.
 * Whatever is refused is ERR_INVALID_INPUT, naming the text and the reason.
 * Ranges compare by value; the canonical spelling is range_text()'s.
 */
#ifndef MODEL_SYNTAX_VALUE_H
#define MODEL_SYNTAX_VALUE_H

#include <stdbool.h>

#include "db/base/num.h"
#include "db/batch/rows.h"

struct buf;
struct err;

#define HOST_TEXT 64 /* a host's name and its NUL */

/* Invariant: first <= last, both possible for the kind; a host has a name, first 1 and last = its slots; the
 * other kinds have host "". */
struct range {
	enum kind kind;
	u128 first, last;
	char host[HOST_TEXT];
};

bool range_parse(const char *text, enum kind kind, struct range *out, struct err *err)
    __attribute__((warn_unused_result));

/* The kind that the spelling implies, so that a slip ("10.0.0/24", "100-") is refused as a range of that kind
 * and never taken for the name of a host. False when it can be a range of no kind; true promises nothing. */
bool range_guess(const char *text, enum kind *kind) __attribute__((warn_unused_result));

/* Appends the canonical spelling: the prefix form where there is one, a single value alone, else "a-b". */
void range_text(const struct range *r, struct buf *out);

/* Appends what a resource of it is called: the canonical spelling, of a host its name alone. */
void range_name(const struct range *r, struct buf *out);

/* How many values, exactly. */
void range_size(const struct range *r, struct count *out);

/* One value. host gets the host's name, "" for the other kinds. A host without its slot is refused. */
bool value_parse(const char *text, enum kind kind, u128 *value, char host[HOST_TEXT], struct err *err)
    __attribute__((warn_unused_result));

/* The same, of the kind that its spelling implies. */
bool value_guess(const char *text, enum kind *kind, u128 *value, char host[HOST_TEXT], struct err *err)
    __attribute__((warn_unused_result));

/* Appends it; host counts only for KIND_HOST. */
void value_text(enum kind kind, u128 value, const char *host, struct buf *out);

#endif
