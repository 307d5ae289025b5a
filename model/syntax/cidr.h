/*
 * Networks in CIDR notation (RFC 4632): "10.0.0.0/24", "fd00::/64".
 *
 * Reading is strict: bits after the prefix (host bits) are refused, and the error names the network.
 */
#ifndef MODEL_SYNTAX_CIDR_H
#define MODEL_SYNTAX_CIDR_H

#include <stdbool.h>

#include "db/base/num.h"
#include "db/batch/rows.h"

struct buf;
struct err;

/* Reads a network, which has a slash, as its first and last address. The kind is KIND_IPV4 or KIND_IPV6.
 * Errors are ERR_INVALID_INPUT. */
bool cidr_parse(const char *text, enum kind kind, u128 *first, u128 *last, struct err *err)
    __attribute__((warn_unused_result));

/* Appends the network with exactly these addresses; false, and appends nothing, when there is none. */
bool cidr_text(enum kind kind, u128 first, u128 last, struct buf *out);

#endif
