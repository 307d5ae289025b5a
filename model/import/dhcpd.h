/*
 * The lease file of ISC dhcpd: `lease ADDRESS { STATEMENT; … }`, a log in which a later entry replaces an
 * earlier one. Other entries are passed over. Strings have escapes and can hold braces.
 */
#ifndef MODEL_IMPORT_DHCPD_H
#define MODEL_IMPORT_DHCPD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/buf.h"

struct err;
struct import_row;

struct dhcpd {
	const char *p, *end; /* the unread text, borrowed */
	int64_t line;        /* of p */
	struct buf word;     /* the current word; of a string without its quotes */
	bool is_text;        /* it was a string */
};

/* Checks that the n bytes at text are UTF-8; they are borrowed until dhcpd_release(). */
bool dhcpd_init(struct dhcpd *d, const char *text, size_t n, struct err *err)
    __attribute__((warn_unused_result));
void dhcpd_release(struct dhcpd *d);

/* Reads the next lease. At the end the row's line is 0. */
void dhcpd_next(struct dhcpd *d, struct import_row *row);

#endif
