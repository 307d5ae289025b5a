/*
 * The table of the named queries of db/sql/: private to db/ and to the functions of
 * gen/queries.h.
 */
#ifndef DB_BATCH_QUERY_H
#define DB_BATCH_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "db/batch/rows.h"
#include "gen/queries.h"

struct arg;

enum query_rows { QUERY_ROWS_ONE, QUERY_ROWS_MAYBE, QUERY_ROWS_MANY };

struct statement {
	const char *name;
	enum query_rows rows;
	const struct row_type *row;
	const enum field_type *args;
	size_t arg_count;
	bool is_call; /* of one routine of berth: the session's search path does not matter */
	bool is_hot;  /* parsed once a session, by name: see db/conn/prepared.h */
	const char *sql;
};

extern const struct statement statements[QUERY_COUNT];

/* QUERY_COUNT of the program: a benchmark has queries of its own. */
extern const size_t statement_count;

/* Adds a step with as many arguments as the query has, copying their texts. Returns its index. */
size_t batch_add(struct batch *b, enum query query, const struct arg *args);

#endif
