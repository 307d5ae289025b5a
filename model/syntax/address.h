/*
 * IPv4 and IPv6 addresses as numbers, and back, by inet_pton() and inet_ntop().
 *
 * Reading is strict: no leading zeros (which some programs read as octal), no blanks, no zone.  A v4-mapped
 * address is an IPv6 address.  Addresses are written as in RFC 5952.
 */
#ifndef MODEL_SYNTAX_ADDRESS_H
#define MODEL_SYNTAX_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/num.h"
#include "db/batch/rows.h"

struct buf;

/* Returns 32 or 128. The kind is KIND_IPV4 or KIND_IPV6, here and below. */
unsigned address_bits(enum kind kind);

/* Reads all n bytes at text as an address. */
bool address_parse(enum kind kind, const char *text, size_t n, u128 *address)
    __attribute__((warn_unused_result));

/* Appends the address. */
void address_text(enum kind kind, u128 address, struct buf *out);

#endif
