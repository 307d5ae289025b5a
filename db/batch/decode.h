/*
 * PostgreSQL's binary format, to C: private to db/.
 *
 * Arguments and answers travel in binary, so that nothing depends on the session's
 * DateStyle, time zone or extra_float_digits.  The forms are those of the
 * server's *_send and *_recv functions; numeric's is described in its
 * src/backend/utils/adt/numeric.c.
 */
#ifndef DB_BATCH_DECODE_H
#define DB_BATCH_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "db/batch/rows.h"

/* PostgreSQL counts time from 2000-01-01, berth from 1970-01-01. */
#define EPOCH_SHIFT (INT64_C(946684800) * TIME_SECOND)

/* One column of an answer as it came. A NUL follows bytes. */
struct cell {
	unsigned type; /* OID */
	bool null;
	const char *bytes;
	size_t len;
};

/* Decodes a cell into the member of `row`; texts borrow the cell's bytes. Returns false if the cell is not of
 * the field's type or its value does not fit. */
bool decode_cell(const struct field *field, const struct cell *cell, void *row)
    __attribute__((warn_unused_result));

/* Returns whether a column of this OID can be decoded into this field type. */
bool decode_accepts(enum field_type type, unsigned oid);

/* Returns the OID that an argument of this type is sent with. */
unsigned encode_type(enum field_type type);

#endif
