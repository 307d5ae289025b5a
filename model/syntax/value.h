/*
 * Values, as they are typed.
 *
 * A value is what one lease holds: an address, a number, or a slot of a host (host1:4).  All are a u128; a
 * slot has the name of its host too.  Reading is strict, see range.h.
 */
#ifndef MODEL_SYNTAX_VALUE_H
#define MODEL_SYNTAX_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/num.h"
#include "db/batch/rows.h"

struct buf;
struct err;

#define HOST_TEXT 64 /* the name of a host and its NUL */

/* Guesses the kind from the spelling, so that a typo ("10.0.0/24", "100-") is refused as a range of that kind
 * and not taken for a host. False when it cannot be a value or range; true does not mean that it is one. */
bool value_guess_kind(const char *text, enum kind *kind) __attribute__((warn_unused_result));

/* Reads one value. `host` becomes the name of the host, "" for other kinds. A host needs a slot. */
bool value_parse(const char *text, enum kind kind, u128 *value, char host[HOST_TEXT], struct err *err)
    __attribute__((warn_unused_result));

/* Appends the value; `host` is used only for KIND_HOST. */
void value_text(enum kind kind, u128 value, const char *host, struct buf *out);

/* Reads n bytes, a part of `whole`, as an address or a number. */
bool value_part(const char *whole, enum kind kind, const char *text, size_t n, u128 *value, struct err *err)
    __attribute__((warn_unused_result));

/* Reads "name" or "name:slot"; slot is 0 for none. */
bool value_host(const char *text, char host[HOST_TEXT], u128 *slot, struct err *err)
    __attribute__((warn_unused_result));

#endif
