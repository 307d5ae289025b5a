/*
 * The arguments of a query: private to db/ and to the functions of gen/queries.h.
 */
#ifndef DB_BATCH_ARG_H
#define DB_BATCH_ARG_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/id.h"
#include "db/base/num.h"
#include "db/batch/rows.h"

struct buf;

/* An argument, by value; its text is borrowed. */
struct arg {
	enum field_type type;
	bool null;
	union {
		bool flag;
		int64_t number; /* FIELD_INT, and FIELD_TIME in microseconds */
		double real;
		const char *text; /* FIELD_TEXT, FIELD_JSON */
		struct id id;
		u128 value;
	} u;
};

struct arg arg_bool(bool flag);
struct arg arg_int(int64_t number);
struct arg arg_positive(int64_t number); /* 0 for null */
struct arg arg_real(double real);
struct arg arg_text(const char *text); /* NULL for null */
struct arg arg_word(const char *text); /* NULL and "" for null */
struct arg arg_json(const char *text); /* NULL for null */
struct arg arg_id(struct id id);       /* nil for null */
struct arg arg_time(int64_t time);     /* TIME_NONE for null, TIME_NEVER for infinity */
struct arg arg_value(u128 value);
struct arg arg_null(enum field_type type);

/* Appends the argument, which is not null, in PostgreSQL's binary format. */
void arg_encode(const struct arg *arg, struct buf *out);

#endif
