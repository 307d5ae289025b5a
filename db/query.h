/*
 * The named queries of db/sql/, as the build made them: private to db/.
 */
#ifndef DB_QUERY_H
#define DB_QUERY_H

#include <stddef.h>

#include "db/rows.h"
#include "gen/queries.h"

enum query_rows { QUERY_ROWS_ONE, QUERY_ROWS_MAYBE, QUERY_ROWS_MANY };

struct statement {
	const char *name;
	enum query_rows rows;
	const struct row_type *row;
	const enum field_type *args;
	size_t arg_count;
	const char *sql;
};

extern const struct statement statements[QUERY_COUNT];

#endif
