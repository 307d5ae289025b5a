/*
 * The binary format, to C and back. tests/sql/test_binary.c tests it with the
 * server.
 */
#include "db/batch/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/batch/arg.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "tests/lib/any.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { BOOL = 16, INT8 = 20, INT4 = 23, TEXT = 25, JSON = 114, FLOAT8 = 701, NUMERIC = 1700 };
enum { TIMESTAMPTZ = 1184, UUID = 2950, JSONB = 3802, BYTEA = 17 };

static bool decode(enum field_type type, unsigned oid, const char *bytes, size_t len, struct any *out) {
	struct cell cell = {.type = oid, .bytes = bytes, .len = len};

	return decode_cell(&any_fields[type], &cell, out);
}

#define DECODE(type, oid, literal, out) decode((type), (oid), (literal), sizeof(literal) - 1, (out))

static void plain_values_are_decoded(void **state) {
	struct any any = {0};
	(void)state;

	assert_true(DECODE(FIELD_BOOL, BOOL, "\1", &any) && any.flag);
	assert_true(DECODE(FIELD_BOOL, BOOL, "\0", &any) && !any.flag);
	assert_true(DECODE(FIELD_INT, INT8, "\x7f\xff\xff\xff\xff\xff\xff\xff", &any));
	assert_true(any.number == INT64_MAX);
	assert_true(DECODE(FIELD_INT, INT8, "\x80\0\0\0\0\0\0\0", &any));
	assert_true(any.number == INT64_MIN);
	assert_true(DECODE(FIELD_INT, INT4, "\xff\xff\xff\xfe", &any));
	assert_true(any.number == -2);
	assert_true(DECODE(FIELD_REAL, FLOAT8, "\x3f\xf8\0\0\0\0\0\0", &any));
	assert_true(any.real > 1.49 && any.real < 1.51);
	assert_true(DECODE(FIELD_TEXT, TEXT, "a\xc3\xa4", &any));
	assert_string_equal(any.text, "a\xc3\xa4");
	assert_true(DECODE(FIELD_TEXT, TEXT, "", &any));
	assert_string_equal(any.text, "");
	assert_true(DECODE(FIELD_ENUM, TEXT, "ipv6", &any));
	assert_int_equal(any.word, 1);
	assert_true(DECODE(FIELD_ID, UUID, "0123456789abcdef", &any));
	assert_memory_equal(any.id.bytes, "0123456789abcdef", 16);
}

static void json_is_text_behind_its_version(void **state) {
	struct any any = {0};
	(void)state;

	assert_true(DECODE(FIELD_JSON, JSONB, "\1{}", &any));
	assert_string_equal(any.text, "{}");
	assert_true(DECODE(FIELD_JSON, JSON, "[1]", &any));
	assert_string_equal(any.text, "[1]");
	assert_false(DECODE(FIELD_JSON, JSONB, "\2{}", &any));
	assert_false(DECODE(FIELD_JSON, JSONB, "", &any));
	assert_string_equal(any.text, "[1]");
}

static void times_count_from_1970(void **state) {
	struct any any = {0};
	(void)state;

	assert_true(DECODE(FIELD_TIME, TIMESTAMPTZ, "\0\0\0\0\0\0\0\0", &any));
	assert_true(any.number == INT64_C(946684800) * TIME_SECOND);
	assert_true(DECODE(FIELD_TIME, TIMESTAMPTZ, "\xff\xff\xff\xff\xff\xff\xff\xff", &any));
	assert_true(any.number == INT64_C(946684800) * TIME_SECOND - 1);
	any.number = 7;
	assert_false(DECODE(FIELD_TIME, TIMESTAMPTZ, "\x7f\xff\xff\xff\xff\xff\xff\xff", &any));
	assert_false(DECODE(FIELD_TIME, TIMESTAMPTZ, "\x80\0\0\0\0\0\0\0", &any));
	assert_false(DECODE(FIELD_TIME, TIMESTAMPTZ, "\x7f\xff\xff\xff\xff\xff\xff\xfe", &any));
	assert_true(any.number == 7);
}

/* ndigits, weight, sign, scale, digits, each two bytes. */
#define HEAD(ndigits, weight) "\0" ndigits "\0" weight "\0\0\0\0"
#define PAST_U128                                                                                            \
	HEAD("\x0a", "\x09")                                                                                 \
	"\x01\x54\x0b\x07\x1a\x24\x03\xaa\x12\x1a\x18\xc1\x11\xff\x10\xdd\x1a\xa5\x05\xb0"

static void numerics_are_whole_and_exact(void **state) {
	static const struct {
		const char *bytes;
		size_t len;
		const char *digits;
	} rows[] = {
	    {HEAD("\0", "\0"), 8, "0"}, {HEAD("\1", "\0") "\0\1", 10, "1"},
	    {HEAD("\1", "\0") "\x27\x0f", 10, "9999"},
	    {HEAD("\1", "\1") "\0\1", 10, "10000"}, /* zeros at the end are not sent */
	    {HEAD("\2", "\1") "\0\1\0\7", 12, "10007"},
	    {HEAD("\1", "\x0a") "\0\1", 10, "10000000000000000000000000000000000000000"},
	    {HEAD("\2", "\2") "\0\x2a\x03\xe8", 12, "4210000000"},
	    {"\0\1\0\0\0\0\0\5\0\1", 10, "1"}, /* 1.00000 */
	};
	struct any any;
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_true(decode(FIELD_COUNT, NUMERIC, rows[i].bytes, rows[i].len, &any));
		assert_string_equal(any.count.digits, rows[i].digits);
	}
}

static void other_numerics_are_refused(void **state) {
	static const struct {
		const char *bytes;
		size_t len;
	} rows[] = {
	    {"", 0}, {"\0\0\0\0\0\0\0", 7}, {HEAD("\1", "\0"), 8}, /* a digit is missing */
	    {HEAD("\1", "\0") "\0\1\0\1", 12},                     /* one too many */
	    {HEAD("\2", "\0") "\0\1\x13\x88", 12},                 /* 1.5 */
	    {"\0\1\xff\xff\0\0\0\1\x13\x88", 10},                  /* 0.5 */
	    {"\0\1\0\0\x40\0\0\0\0\1", 10},                        /* -1 */
	    {"\0\0\0\0\xc0\0\0\0", 8},                             /* NaN */
	    {"\0\0\0\0\xd0\0\0\0", 8},                             /* infinity */
	    {"\0\0\0\0\xf0\0\0\0", 8},                             /* -infinity */
	    {HEAD("\1", "\x10") "\0\1", 10},                       /* 10^64: wider than a count */
	    {"\0\1\x7f\xff\0\0\0\0\0\1", 10},                      /* far wider */
	};
	struct any any = {.count = {"7"}, .value = 7};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_false(decode(FIELD_COUNT, NUMERIC, rows[i].bytes, rows[i].len, &any));
		assert_false(decode(FIELD_VALUE, NUMERIC, rows[i].bytes, rows[i].len, &any));
	}
	assert_true(any.value == 7);
}

static void values_end_at_128_bits(void **state) {
	static const u128 rows[] = {0, 1, 9999, 10000, 10001, 100000000, (u128)UINT64_MAX, (u128)1 << 64,
	    (u128)1 << 127, U128_MAX - 1, U128_MAX};
	struct any any = {0};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arg arg = arg_value(rows[i]);
		struct buf bytes = {0};

		arg_encode(&arg, &bytes);
		any.value = ~rows[i];
		assert_true(decode(FIELD_VALUE, NUMERIC, bytes.text, bytes.len, &any));
		assert_true(any.value == rows[i]);
		buf_release(&bytes);
	}
	/* 2^128 is a count and no value. */
	assert_true(DECODE(FIELD_COUNT, NUMERIC, PAST_U128, &any));
	assert_string_equal(any.count.digits, "340282366920938463463374607431768211456");
	any.value = 7;
	assert_false(DECODE(FIELD_VALUE, NUMERIC, PAST_U128, &any));
	assert_true(any.value == 7);
}

static void wrong_lengths_and_types_are_refused(void **state) {
	static const struct {
		enum field_type type;
		unsigned oid;
		size_t len;
	} rows[] = {
	    {FIELD_BOOL, BOOL, 0},
	    {FIELD_BOOL, BOOL, 2},
	    {FIELD_INT, INT8, 0},
	    {FIELD_INT, INT8, 7},
	    {FIELD_INT, INT8, 9},
	    {FIELD_REAL, FLOAT8, 4},
	    {FIELD_ID, UUID, 15},
	    {FIELD_ID, UUID, 17},
	    {FIELD_TIME, TIMESTAMPTZ, 4},
	    {FIELD_ENUM, TEXT, 3}, /* an unknown word */
	    {FIELD_BOOL, INT8, 1},
	    {FIELD_INT, FLOAT8, 8},
	    {FIELD_REAL, INT8, 8},
	    {FIELD_TEXT, BYTEA, 3},
	    {FIELD_JSON, TEXT, 2},
	    {FIELD_ID, BYTEA, 16},
	    {FIELD_TIME, INT8, 8},
	    {FIELD_COUNT, INT8, 8},
	    {FIELD_VALUE, INT8, 8},
	};
	char bytes[24] = "\1\1\1";
	struct any untouched;
	struct any any;
	(void)state;

	memset(&untouched, 7, sizeof untouched);
	for (size_t i = 0; i < COUNT(rows); i++) {
		any = untouched;
		assert_false(decode(rows[i].type, rows[i].oid, bytes, rows[i].len, &any));
		assert_memory_equal(&any, &untouched, sizeof any);
	}
}

static void null_is_a_word_of_its_own(void **state) {
	static const struct {
		enum field_type type;
		unsigned oid;
		bool ok;
	} rows[] = {
	    {FIELD_BOOL, BOOL, false},
	    {FIELD_INT, INT8, false},
	    {FIELD_REAL, FLOAT8, false},
	    {FIELD_TEXT, TEXT, false},
	    {FIELD_JSON, JSONB, false},
	    {FIELD_ID, UUID, true},
	    {FIELD_TIME, TIMESTAMPTZ, true},
	    {FIELD_COUNT, NUMERIC, false},
	    {FIELD_VALUE, NUMERIC, true},
	    {FIELD_ENUM, TEXT, false},
	};
	struct any any = {.text = "x", .id = {"x"}, .value = 7};
	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct cell cell = {.type = rows[i].oid, .null = true, .bytes = ""};

		assert_int_equal(decode_cell(&any_fields[rows[i].type], &cell, &any), rows[i].ok);
	}
	assert_non_null(any.text);
	for (size_t i = 0; i < 2; i++) {
		struct field field = any_fields[i == 0 ? FIELD_JSON : FIELD_TEXT];
		struct cell cell = {.type = i == 0 ? JSONB : TEXT, .null = true, .bytes = ""};

		field.optional = true;
		any.text = "x";
		assert_true(decode_cell(&field, &cell, &any));
		assert_null(any.text);
	}
	assert_true(id_is_nil(any.id));
	assert_true(any.number == TIME_NONE);
	assert_true(any.value == 0);
}

static void arguments_come_back_as_they_went(void **state) {
	const struct arg args[] = {arg_bool(true), arg_int(INT64_MIN), arg_int(-1), arg_text("h\xc3\xa4"),
	    arg_json("{\"a\":1}"), arg_time(0), arg_time(1), arg_time(INT64_C(253402300799999999)),
	    arg_id((struct id){"0123456789abcde"})};
	(void)state;

	for (size_t i = 0; i < COUNT(args); i++) {
		const struct arg *arg = &args[i];
		struct buf bytes = {0};
		struct any any = {0};

		arg_encode(arg, &bytes);
		assert_true(decode_accepts(arg->type, encode_type(arg->type)));
		assert_true(decode(arg->type, encode_type(arg->type), bytes.text, bytes.len, &any));
		assert_true(arg->type != FIELD_BOOL || any.flag == arg->u.flag);
		assert_true(
		    (arg->type != FIELD_INT && arg->type != FIELD_TIME) || any.number == arg->u.number);
		assert_true((arg->type != FIELD_TEXT && arg->type != FIELD_JSON) ||
			    strcmp(any.text, arg->u.text) == 0);
		assert_true(arg->type != FIELD_ID || id_equal(any.id, arg->u.id));
		buf_release(&bytes);
	}
}

static void absence_makes_null_arguments(void **state) {
	(void)state;
	assert_true(arg_text(NULL).null);
	assert_true(arg_json(NULL).null);
	assert_true(arg_id((struct id){0}).null);
	assert_true(arg_time(TIME_NONE).null);
	assert_true(arg_null(FIELD_INT).null);
	assert_false(arg_text("").null);
	assert_false(arg_time(0).null);
	assert_false(arg_value(0).null);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plain_values_are_decoded),
	    cmocka_unit_test(json_is_text_behind_its_version),
	    cmocka_unit_test(times_count_from_1970),
	    cmocka_unit_test(numerics_are_whole_and_exact),
	    cmocka_unit_test(other_numerics_are_refused),
	    cmocka_unit_test(values_end_at_128_bits),
	    cmocka_unit_test(wrong_lengths_and_types_are_refused),
	    cmocka_unit_test(null_is_a_word_of_its_own),
	    cmocka_unit_test(arguments_come_back_as_they_went),
	    cmocka_unit_test(absence_makes_null_arguments),
	};

	return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
