/*
 * Every named query, prepared on a real server: its parameters and columns
 * have the types that the C side sends and expects.
 */
#include "db/batch/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libpq-fe.h>
#include <stdlib.h>

#include "db/batch/decode.h"
#include "db/base/mem.h"
#include "tests/lib/database.h"

struct place {
	struct database *database;
	PGconn *pg;
};

static int open_database(void **state) {
	struct place *place = mem_new(1, sizeof *place);

	place->database = database_new();
	place->pg = PQconnectdbParams(database_keywords(), database_values(place->database), 0);
	*state = place;
	return PQstatus(place->pg) == CONNECTION_OK ? 0 : -1;
}

static int close_database(void **state) {
	struct place *place = *state;

	PQfinish(place->pg);
	database_drop(place->database);
	free(place);
	return 0;
}

/* Prepares it with the types of the arguments, and describes the result. */
static PGresult *describe(const struct place *place, const struct statement *statement) {
	PGconn *pg = place->pg;
	Oid *types = mem_new(statement->arg_count, sizeof *types);
	PGresult *result;

	for (size_t i = 0; i < statement->arg_count; i++) {
		types[i] = encode_type(statement->args[i]);
	}
	result = PQprepare(pg, "", statement->sql, (int)statement->arg_count, types);
	if (PQresultStatus(result) != PGRES_COMMAND_OK) {
		fail_msg("%s: %s", statement->name, PQresultErrorMessage(result));
	}
	PQclear(result);
	free(types);
	result = PQdescribePrepared(pg, "");
	assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
	return result;
}

static void queries_take_their_arguments(void **state) {
	for (size_t i = 0; i < QUERY_COUNT; i++) {
		const struct statement *statement = &statements[i];
		PGresult *result = describe(*state, statement);

		if ((size_t)PQnparams(result) != statement->arg_count) {
			fail_msg("%s uses %d of %zu arguments", statement->name, PQnparams(result),
			    statement->arg_count);
		}
		for (size_t j = 0; j < statement->arg_count; j++) {
			if (PQparamtype(result, (int)j) != encode_type(statement->args[j])) {
				fail_msg("%s: argument %zu is %u and is sent as %u", statement->name, j + 1,
				    PQparamtype(result, (int)j), encode_type(statement->args[j]));
			}
		}
		PQclear(result);
	}
}

static void queries_answer_with_their_rows(void **state) {
	for (size_t i = 0; i < QUERY_COUNT; i++) {
		const struct statement *statement = &statements[i];
		PGresult *result = describe(*state, statement);

		if ((size_t)PQnfields(result) != statement->row->count) {
			fail_msg("%s answers with %d columns, a %s has %zu", statement->name,
			    PQnfields(result), statement->row->name, statement->row->count);
		}
		for (size_t j = 0; j < statement->row->count; j++) {
			const struct field *field = &statement->row->fields[j];

			assert_string_equal(PQfname(result, (int)j), field->name);
			if (!decode_accepts(field->type, PQftype(result, (int)j))) {
				fail_msg("%s: column %s is of type %u", statement->name, field->name,
				    PQftype(result, (int)j));
			}
		}
		PQclear(result);
	}
}

static void members_lie_within_their_rows(void **state) {
	(void)state;
	for (size_t i = 0; i < QUERY_COUNT; i++) {
		const struct row_type *row = statements[i].row;

		for (size_t j = 0; j < row->count; j++) {
			size_t end = j + 1 < row->count ? row->fields[j + 1].offset : row->size;

			assert_true(row->fields[j].offset < end);
			assert_true((row->fields[j].type == FIELD_ENUM) == (row->fields[j].names != NULL));
		}
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(queries_take_their_arguments),
	    cmocka_unit_test(queries_answer_with_their_rows),
	    cmocka_unit_test(members_lie_within_their_rows),
	};

	return cmocka_run_group_tests_name("queries", tests, open_database, close_database);
}
