/*
 * Ranges of values, as they are typed: a resource has one.
 *
 *     10.0.0.0/24   10.0.0.5-10.0.0.9   10.0.0.5     all addresses count, the network's own too
 *     fd00::/64     fd00::1-fd00::9     fd00::1      ::/0 is 2^128 values
 *     100-4094      7                                0 to 2^63 - 1
 *     host1:4       host1                            slots 1 to 4; one slot
 *
 * Reading is strict, because a wrong range would be noticed late: no blanks, no host bits after a prefix, no
 * short forms.  Errors are ERR_INVALID_INPUT with the text and the reason.
 */
#ifndef MODEL_SYNTAX_RANGE_H
#define MODEL_SYNTAX_RANGE_H

#include "model/syntax/value.h"

struct json;

/* Invariant: first <= last, both valid for the kind. A host has a name, first is 1 and last the number of
 * slots; other kinds have host "". */
struct range {
	enum kind kind;
	u128 first, last;
	char host[HOST_TEXT];
};

bool range_parse(const char *text, enum kind kind, struct range *out, struct err *err)
    __attribute__((warn_unused_result));

/* Reads a value or a range. host1:2 is the one slot here, and host1 stands for all slots that a host can
 * have; then `first` need not be 1. */
bool range_values(const char *text, enum kind kind, struct range *out, struct err *err)
    __attribute__((warn_unused_result));

/* Does so for the kind that its spelling implies. */
bool range_guess(const char *text, struct range *out, struct err *err) __attribute__((warn_unused_result));

/* Appends the canonical spelling: the prefix form where there is one, a single value alone, else "a-b". */
void range_text(const struct range *r, struct buf *out);

/* Appends the name of its resource: the canonical spelling, for a host the name only. */
void range_name(const struct range *r, struct buf *out);

/* Writes the members name, first, last and host, as the server takes a range. */
void range_members(const struct range *r, struct json *j);

#endif
