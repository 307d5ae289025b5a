/*
 * The rows that the server answers with, as C structs.
 *
 * db/sql/rows describes each row once: its struct, which gen/rows.h declares, the
 * table below that decodes it, and the order of the columns of every query that
 * answers with it.  The tests prepare each query on a real server and compare names
 * and types.
 *
 * Texts are borrowed from the answer that they were decoded from.
 */
#ifndef DB_BATCH_ROWS_H
#define DB_BATCH_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "gen/rows.h"

enum field_type {
	FIELD_BOOL,  /* bool          bool */
	FIELD_INT,   /* int64_t       int8, int4 */
	FIELD_REAL,  /* double        float8 */
	FIELD_TEXT,  /* const char *  text; NULL for NULL, if that is allowed */
	FIELD_JSON,  /* const char *  json, jsonb, as text; likewise */
	FIELD_ID,    /* struct id     uuid; nil for NULL */
	FIELD_TIME,  /* int64_t       timestamptz; TIME_NONE for NULL, PostgreSQL's infinities refused */
	FIELD_COUNT, /* struct count  numeric, whole and not negative */
	FIELD_VALUE, /* u128          numeric, whole, 0 to 2^128 - 1; 0 for NULL */
	FIELD_ENUM   /* an enum       text, one of `names`; its index */
};

struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	const char *const *names; /* of FIELD_ENUM, ended by NULL */
	bool optional;            /* of FIELD_TEXT and FIELD_JSON: NULL is allowed */
};

struct row_type {
	const char *name;
	size_t size;
	const struct field *fields;
	size_t count;
};

/* Returns the member of that name, which must exist. */
const struct field *row_field(const struct row_type *type, const char *name) __attribute__((returns_nonnull));

/* Returns the text of a member that is text or JSON: borrowed, NULL for NULL. NULL for a member of another
 * type. */
const char *field_text(const struct field *field, const void *row);

#endif
