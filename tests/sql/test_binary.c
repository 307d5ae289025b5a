/*
 * The binary format as the server reads and writes it: an argument as sent, as
 * understood, and as returned.
 */
#include "db/batch/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libpq-fe.h>
#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "db/batch/arg.h"
#include "tests/lib/any.h"
#include "tests/lib/database.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct place {
	struct database *database;
	PGconn *pg;
};

static int open_place(void **state) {
	struct place *p = mem_new(1, sizeof *p);

	p->database = database_new_empty();
	p->pg = PQconnectdbParams(database_keywords(), database_values(p->database), 0);
	*state = p;
	return PQstatus(p->pg) == CONNECTION_OK ? 0 : -1;
}

static int close_place(void **state) {
	struct place *p = *state;

	PQfinish(p->pg);
	database_drop(p->database);
	free(p);
	return 0;
}

/* Decodes the first cell of the answer; texts live in the result. */
static bool decode_answer(PGresult *result, enum field_type type, struct any *out) {
	struct cell cell;

	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		fail_msg("%s", PQresultErrorMessage(result));
	}
	cell = (struct cell){.type = PQftype(result, 0),
	    .null = PQgetisnull(result, 0, 0) != 0,
	    .bytes = PQgetvalue(result, 0, 0),
	    .len = (size_t)PQgetlength(result, 0, 0)};
	return decode_cell(&any_fields[type], &cell, out);
}

static PGresult *ask(struct place *p, const char *sql, const struct arg *arg, int format) {
	struct buf bytes = {0};
	Oid type = encode_type(arg->type);
	const char *value;
	int length, binary = 1;
	PGresult *result;

	arg_encode(arg, &bytes);
	value = bytes.text == NULL ? "" : bytes.text;
	length = (int)bytes.len;
	result = PQexecParams(p->pg, sql, 1, &type, &value, &length, &binary, format);
	buf_release(&bytes);
	return result;
}

/* Checks the value that the server received, as its text. */
static void assert_means(struct place *p, const struct arg *arg, const char *text) {
	PGresult *result = ask(p, "select $1", arg, 0);

	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	assert_string_equal(PQgetvalue(result, 0, 0), text);
	PQclear(result);
}

static void the_server_reads_what_is_sent(void **state) {
	const struct {
		struct arg arg;
		const char *text;
	} rows[] = {
	    {arg_bool(true), "t"},
	    {arg_bool(false), "f"},
	    {arg_int(0), "0"},
	    {arg_int(INT64_MIN), "-9223372036854775808"},
	    {arg_int(INT64_MAX), "9223372036854775807"},
	    {arg_text(""), ""},
	    {arg_text("a\x01'\"\\\xc3\xa4\xf0\x9f\x98\x80"), "a\x01'\"\\\xc3\xa4\xf0\x9f\x98\x80"},
	    {arg_json("{\"a\":[1,null]}"), "{\"a\": [1, null]}"},
	    {arg_time(0), "1970-01-01 00:00:00+00"},
	    {arg_time(-1), "1969-12-31 23:59:59.999999+00"},
	    {arg_time(INT64_C(253402300799999999)), "9999-12-31 23:59:59.999999+00"},
	    {arg_value(0), "0"},
	    {arg_value(9999), "9999"},
	    {arg_value(10000), "10000"},
	    {arg_value(100000000), "100000000"},
	    {arg_value(((u128)1 << 64) + 1), "18446744073709551617"},
	    {arg_value(U128_MAX), "340282366920938463463374607431768211455"},
	    {arg_id((struct id){"0123456789abcde"}), "30313233-3435-3637-3839-616263646500"},
	};
	struct place *p = *state;

	PQclear(PQexec(p->pg, "set time zone 'UTC'"));
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_means(p, &rows[i].arg, rows[i].text);
	}
}

static void values_come_back_exactly(void **state) {
	struct place *p = *state;
	u128 value = 1;

	for (int i = 0; i < 300; i++) {
		struct arg arg = arg_value(value);
		PGresult *result = ask(p, "select $1", &arg, 1);
		struct any any = {0};

		assert_true(decode_answer(result, FIELD_VALUE, &any));
		assert_true(any.value == value);
		PQclear(result);
		/* Powers of ten and their neighbours, then everything else. */
		value = i < 100 ? (i % 3 == 2 ? (value - 1) * 10 - 1 : value + 1)
				: value * 6364136223846793005U + 1442695040888963407U;
	}
}

static void columns_are_decoded_or_refused(void **state) {
	static const struct {
		const char *sql;
		enum field_type type;
		const char *expected; /* NULL: refused */
	} rows[] = {
	    {"select 340282366920938463463374607431768211456::numeric", FIELD_COUNT,
		"340282366920938463463374607431768211456"},
	    {"select 1e40::numeric", FIELD_COUNT, "10000000000000000000000000000000000000000"},
	    {"select 12340000::numeric", FIELD_COUNT, "12340000"},
	    {"select 5.000::numeric", FIELD_COUNT, "5"},
	    {"select 0.000::numeric", FIELD_COUNT, "0"},
	    {"select 187875590::numeric(39)", FIELD_COUNT, "187875590"},
	    {"select sum(x)::numeric from generate_series(1, 10) x", FIELD_COUNT, "55"},
	    {"select 5.5::numeric", FIELD_COUNT, NULL},
	    {"select 0.0001::numeric", FIELD_COUNT, NULL},
	    {"select -1::numeric", FIELD_COUNT, NULL},
	    {"select 'NaN'::numeric", FIELD_COUNT, NULL},
	    {"select 'Infinity'::numeric", FIELD_COUNT, NULL},
	    {"select null::numeric", FIELD_COUNT, NULL},
	    {"select 340282366920938463463374607431768211456::numeric", FIELD_VALUE, NULL},
	    {"select -1::numeric", FIELD_VALUE, NULL},
	    {"select 'infinity'::timestamptz", FIELD_TIME, NULL},
	    {"select '-infinity'::timestamptz", FIELD_TIME, NULL},
	    {"select '2000-01-01 00:00+00'::timestamptz", FIELD_TIME, ""},
	    {"select 7::int4", FIELD_INT, ""},
	    {"select 7::int2", FIELD_INT, NULL},
	    {"select null::int8", FIELD_INT, NULL},
	    {"select '{\"a\": 1}'::json", FIELD_JSON, "{\"a\": 1}"},
	    {"select '{\"a\":1}'::jsonb", FIELD_JSON, "{\"a\": 1}"},
	    {"select 'x'::name", FIELD_TEXT, "x"},
	    {"select 'x'::varchar(5)", FIELD_TEXT, "x"},
	    {"select 'x'::bytea", FIELD_TEXT, NULL},
	    {"select 'ipv6'::text", FIELD_ENUM, ""},
	    {"select 'ipv7'::text", FIELD_ENUM, NULL},
	    {"select 1.5::float8", FIELD_REAL, ""},
	    {"select 1.5::float4", FIELD_REAL, NULL},
	};
	struct place *p = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		PGresult *result = PQexecParams(p->pg, rows[i].sql, 0, NULL, NULL, NULL, NULL, 1);
		struct any any = {0};

		if (decode_answer(result, rows[i].type, &any) != (rows[i].expected != NULL)) {
			fail_msg("%s", rows[i].sql);
		}
		if (rows[i].expected != NULL && rows[i].type == FIELD_COUNT) {
			assert_string_equal(any.count.digits, rows[i].expected);
		} else if (rows[i].expected != NULL && rows[i].expected[0] != '\0') {
			assert_string_equal(any.text, rows[i].expected);
		}
		PQclear(result);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_server_reads_what_is_sent),
	    cmocka_unit_test(values_come_back_exactly),
	    cmocka_unit_test(columns_are_decoded_or_refused),
	};

	return cmocka_run_group_tests_name("binary", tests, open_place, close_place);
}
