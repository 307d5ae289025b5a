/*
 * PostgreSQL's binary format, to C and back: private to db/.
 *
 * Everything travels in binary, so that nothing depends on the session's
 * DateStyle, time zone or extra_float_digits.  The forms are those of the
 * server's *_send and *_recv functions; numeric's is described in its
 * src/backend/utils/adt/numeric.c.
 */
#ifndef DB_BATCH_DECODE_H
#define DB_BATCH_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/buf.h"
#include "db/base/num.h"
#include "db/batch/rows.h"

/* One column of an answer as it came. bytes has a NUL behind it. */
struct cell {
	unsigned type; /* OID */
	bool null;
	const char *bytes;
	size_t len;
};

struct arg;

/* Decodes a cell into the member of `row`; texts borrow the cell's bytes. False
 * when the cell is not of the field's type or its value does not fit. */
bool decode_cell(const struct field *field, const struct cell *cell, void *row)
    __attribute__((warn_unused_result));

/* The OID that goes with an argument's type, and its bytes in binary, appended. */
unsigned encode_type(enum field_type type);
void encode_arg(const struct arg *arg, struct buf *out);

/* Whether a column of this OID can be decoded into this field type. */
bool decode_accepts(enum field_type type, unsigned oid);

#endif
