/*
 * IPv4 and IPv6 addresses as numbers, and back.
 *
 * The reading and writing is inet_pton's and inet_ntop's.  They are strict where
 * it matters: an octet has no leading zero (some programs would take it for
 * octal), nothing stands around the address, there is no zone.  A v4-mapped
 * address is an IPv6 address.  What is written is RFC 5952.
 */
#ifndef MODEL_SYNTAX_ADDRESS_H
#define MODEL_SYNTAX_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/num.h"
#include "db/batch/rows.h"

struct buf;

/* 32 or 128; kind is KIND_IPV4 or KIND_IPV6 here and below. */
unsigned address_bits(enum kind kind);

/* Reads the n bytes at text, all of them. */
bool address_parse(enum kind kind, const char *text, size_t n, u128 *address)
    __attribute__((warn_unused_result));

/* Appends it. */
void address_text(enum kind kind, u128 address, struct buf *out);

#endif
