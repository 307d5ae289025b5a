/*
 * The named queries of db/sql/, as the build made them: private to db/.
 */
#ifndef DB_BATCH_QUERY_H
#define DB_BATCH_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "db/batch/rows.h"
#include "gen/queries.h"

enum query_rows { QUERY_ROWS_ONE, QUERY_ROWS_MAYBE, QUERY_ROWS_MANY };

struct statement {
	const char *name;
	enum query_rows rows;
	const struct row_type *row;
	const enum field_type *args;
	size_t arg_count;
	bool is_call; /* of one routine of berth: the search path of the session does not matter */
	const char *sql;
};

extern const struct statement statements[QUERY_COUNT];

#endif
