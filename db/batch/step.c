#include "db/batch/step.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "db/batch/decode.h"
#include "db/base/mem.h"
#include "db/batch/query.h"

enum { BINARY = 1 };

/* Returns the types of a query's arguments. The caller owns them. */
static Oid *types_of(const struct statement *statement) {
	Oid *types = mem_new(statement->arg_count, sizeof *types);

	for (size_t i = 0; i < statement->arg_count; i++) {
		types[i] = encode_type(statement->args[i]);
	}
	return types;
}

bool step_prepare(const struct step *step, PGconn *pg, const char *name) {
	const struct statement *statement = &statements[step->query];
	Oid *types = types_of(statement);
	bool sent = PQsendPrepare(pg, name, statement->sql, (int)statement->arg_count, types) == 1;

	free(types);
	return sent;
}

/* Sends the values of the arguments with the statement, or with its name. */
static bool send_values(const struct step *step, PGconn *pg, const char *name, const char *const *values,
    const int *lengths, const int *formats) {
	const struct statement *statement = &statements[step->query];
	int n = (int)step->count;
	Oid *types;
	bool sent;

	if (name != NULL) {
		return PQsendQueryPrepared(pg, name, n, values, lengths, formats, BINARY) == 1;
	}
	types = types_of(statement);
	sent = PQsendQueryParams(pg, statement->sql, n, types, values, lengths, formats, BINARY) == 1;
	free(types);
	return sent;
}

bool step_send(const struct step *step, PGconn *pg, const char *name) {
	size_t n = step->count;
	const char **values = mem_new(n, sizeof *values);
	int *lengths = mem_new(n, sizeof *lengths);
	int *formats = mem_new(n, sizeof *formats);
	bool sent = step->bytes.len <= INT_MAX;

	for (size_t i = 0; i < n && sent; i++) {
		const struct param *param = &step->params[i];

		values[i] = param->null ? NULL : buf_text(&step->bytes) + param->start;
		lengths[i] = (int)param->len;
		formats[i] = BINARY;
	}
	sent = sent && send_values(step, pg, name, values, lengths, formats);
	free(values);
	free(lengths);
	free(formats);
	return sent;
}

bool step_was_parsing(struct step *step) {
	bool parsing = step != NULL && step->parsing;

	if (parsing) {
		step->parsing = false;
	}
	return parsing;
}

void step_reset(struct step *step) {
	PQclear(step->result);
	free(step->rows);
	step->result = NULL;
	step->rows = NULL;
	step->n = 0;
}

static bool decode_row(const struct row_type *type, const PGresult *result, int at, void *row) {
	for (size_t i = 0; i < type->count; i++) {
		int column = (int)i;
		struct cell cell = {
		    .type = PQftype(result, column),
		    .null = PQgetisnull(result, at, column) != 0,
		    .bytes = PQgetvalue(result, at, column),
		    .len = (size_t)PQgetlength(result, at, column),
		};
		if (!decode_cell(&type->fields[i], &cell, row)) {
			return false;
		}
	}
	return true;
}

bool step_answer(struct step *step, PGresult *result, struct err *err) {
	const struct statement *statement = &statements[step->query];
	int n = PQntuples(result);

	step_reset(step);
	step->result = result;
	if ((size_t)PQnfields(result) != statement->row->count ||
	    (statement->rows == QUERY_ROWS_ONE && n != 1) || (statement->rows == QUERY_ROWS_MAYBE && n > 1)) {
		return err_set(err, ERR_INTERNAL, "query %s answered with %d rows of %d columns",
		    statement->name, n, PQnfields(result));
	}
	step->rows = mem_new((size_t)n, statement->row->size);
	step->n = (size_t)n;
	for (int i = 0; i < n; i++) {
		if (!decode_row(statement->row, result, i, step->rows + (size_t)i * statement->row->size)) {
			return err_set(err, ERR_INTERNAL,
			    "query %s answered with a value in row %d that a %s cannot hold", statement->name,
			    i, statement->row->name);
		}
	}
	return true;
}

/* Recognizes the warning by its place in the server, since its text is translated. */
static bool is_unconfirmed(const PGresult *notice) {
	const char *function = PQresultErrorField(notice, PG_DIAG_SOURCE_FUNCTION);
	const char *text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);

	return (function != NULL && strcmp(function, "SyncRepWaitForLSN") == 0) ||
	       (text != NULL && strstr(text, "wait for synchronous replication") != NULL);
}

static void hear_notice(void *arg, const PGresult *notice) {
	char **warning = arg;

	if (warning != NULL && is_unconfirmed(notice)) {
		const char *text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);

		free(*warning);
		*warning = mem_text(text == NULL ? "" : text);
	}
}

void step_hush(PGconn *pg, char **warning) {
	(void)PQsetNoticeReceiver(pg, hear_notice, warning);
}
