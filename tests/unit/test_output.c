/*
 * Lists and single objects in every format, by the types of their members.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/batch/rows.h"
#include "ui/cli/record.h"
#include "ui/cli/output.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* One member of each type. */
struct thing {
	bool flag;
	int64_t number;
	double real;
	const char *text;
	const char *labels;
	struct id id;
	int64_t at;
	struct count count;
	u128 value;
	int state;
};

static const char *const states[] = {"up", "down", NULL};

static const struct field thing_fields[] = {
    {"flag", FIELD_BOOL, offsetof(struct thing, flag), NULL},
    {"number", FIELD_INT, offsetof(struct thing, number), NULL},
    {"real", FIELD_REAL, offsetof(struct thing, real), NULL},
    {"text", FIELD_TEXT, offsetof(struct thing, text), NULL},
    {"labels", FIELD_JSON, offsetof(struct thing, labels), NULL},
    {"id", FIELD_ID, offsetof(struct thing, id), NULL},
    {"at", FIELD_TIME, offsetof(struct thing, at), NULL},
    {"count", FIELD_COUNT, offsetof(struct thing, count), NULL},
    {"value", FIELD_VALUE, offsetof(struct thing, value), NULL},
    {"state", FIELD_ENUM, offsetof(struct thing, state), states},
};
static const struct row_type thing_type = {"thing", sizeof(struct thing), thing_fields, LENGTH(thing_fields)};

static const struct thing things[] = {
    {true, -5, 82.5, "web \"a\", b", "{\"a\":\"1\"}", {{0x5e, 1}}, 86400 * TIME_SECOND + 7,
	{"340282366920938463463374607431768211456"}, U128_MAX, 1},
    {false, 1234, 0, NULL, NULL, {{0}}, TIME_NONE, {"0"}, 0, 0},
};

static const struct column all_columns[] = {
    {.name = "flag", .title = "FLAG"},
    {.name = "number", .title = "NUMBER"},
    {.name = "real", .title = "REAL"},
    {.name = "text", .title = "TEXT"},
    {.name = "labels", .title = "LABELS"},
    {.name = "id"},
    {.name = "at", .title = "AT"},
    {.name = "count", .title = "COUNT"},
    {.name = "value"},
    {.name = "state", .title = "STATE"},
    {0},
};
static const struct shape all = {&thing_type, all_columns};

static void text_double(const void *row, struct buf *out) {
	const struct thing *thing = row;

	if (thing->number > 0) {
		buf_printf(out, "%lld", (long long)thing->number * 2);
	}
}

static void show_percent(const void *row, struct buf *out) {
	buf_printf(out, "%.0f%%", ((const struct thing *)row)->real);
}

static const struct column computed_columns[] = {
    {.name = "double", .title = "DOUBLE", .text = text_double},
    {.name = "raw", .text = text_double, .kind = COLUMN_RAW},
    {.name = "real", .title = "USED", .show = show_percent},
    {.title = "BAR", .show = show_percent, .right = true},
    {0},
};
static const struct shape computed = {&thing_type, computed_columns};

static const struct column text_columns[] = {
    {.name = "text", .title = "NAME"}, {.name = "number", .title = "N"}, {0}};
static const struct shape texts = {&thing_type, text_columns};

static const struct column brief_columns[] = {{.name = "text", .title = "NAME", .brief = true},
    {.name = "real", .title = "R"}, {.name = "number", .title = "N", .brief = true}, {0}};
static const struct shape brief = {&thing_type, brief_columns};

static const struct column one_column[] = {{.name = "text", .title = "TEXT"}, {0}};
static const struct shape single = {&thing_type, one_column};

static const struct thing words[] = {
    {.text = "a", .number = 1, .count = {"0"}},
    {.text = "北京", .number = 1000, .count = {"0"}},
    {.text = "x\x1b[2J\n", .number = 22, .count = {"0"}},
    {.text = "", .number = 3, .count = {"0"}},
    {.text = " pad ", .number = 4, .count = {"0"}},
};

static const struct {
	enum format format;
	const struct shape *shape;
	const struct thing *rows;
	size_t count;
	bool one;
	const char *text;
} outputs[] = {
    {FORMAT_JSON, &all, things, 0, false, "[]\n"},
    {FORMAT_JSON, &all, things, 2, false,
	"[\n{\"flag\":true,\"number\":-5,\"real\":82.5,\"text\":\"web \\\"a\\\", "
	"b\",\"labels\":{\"a\":\"1\"},"
	"\"id\":\"5e010000-0000-0000-0000-000000000000\",\"at\":\"1970-01-02T00:00:00.000007Z\","
	"\"count\":340282366920938463463374607431768211456,\"value\":340282366920938463463374607431768211455,"
	"\"state\":\"down\"},\n"
	"{\"flag\":false,\"number\":1234,\"real\":0,\"text\":null,\"labels\":null,\"id\":null,\"at\":null,"
	"\"count\":0,"
	"\"value\":0,\"state\":\"up\"}\n]\n"},
    {FORMAT_JSON, &all, things + 1, 1, true,
	"{\"flag\":false,\"number\":1234,\"real\":0,\"text\":null,\"labels\":null,\"id\":null,\"at\":null,"
	"\"count\":0,"
	"\"value\":0,\"state\":\"up\"}\n"},
    {FORMAT_CSV, &all, things, 0, false, "flag,number,real,text,labels,id,at,count,value,state\r\n"},
    {FORMAT_CSV, &all, things, 2, false,
	"flag,number,real,text,labels,id,at,count,value,state\r\n"
	"true,-5,82.5,\"web \"\"a\"\", b\",\"{\"\"a\"\":\"\"1\"\"}\",5e010000-0000-0000-0000-000000000000,"
	"1970-01-02T00:00:00.000007Z,340282366920938463463374607431768211456,"
	"340282366920938463463374607431768211455,"
	"down\r\n"
	"false,1234,0,,,,,0,0,up\r\n"},
    {FORMAT_CSV, &texts, words + 2, 1, true, "text,number\r\n\"x\x1b[2J\n\",22\r\n"},
    {FORMAT_CSV, &single, things + 1, 1, false, "text\r\n\"\"\r\n"},
    {FORMAT_TABLE, &all, things, 0, false, "FLAG  NUMBER  REAL  TEXT  LABELS  AT  COUNT  STATE\n"},
    {FORMAT_TABLE, &all, things, 2, false,
	"FLAG  NUMBER  REAL  TEXT        LABELS     AT                                                      "
	"COUNT  STATE\n"
	"yes       -5  82.5  web \"a\", b  {\"a\":\"1\"}  1970-01-02T00:00:00Z  "
	"340282366920938463463374607431768211456  "
	"down\n"
	"no      1234     0  -           -          -                                                        "
	"   0  up\n"},
    {FORMAT_TABLE, &all, things + 1, 1, true,
	"flag    no\nnumber  1234\nreal    0\ntext    -\nlabels  -\nid      -\nat      -\ncount   0\nvalue   "
	"0\nstate   "
	"up\n"},
    {FORMAT_TABLE, &texts, words, 5, false,
	"NAME             N\n"
	"a                1\n"
	"北京          1000\n"
	"x‹1B›[2J‹0A›    22\n"
	"-                3\n"
	"‹20›pad‹20›      4\n"},
    {FORMAT_JSON, &computed, things, 2, false,
	"[\n{\"double\":null,\"raw\":null,\"real\":82.5},\n{\"double\":\"2468\",\"raw\":2468,\"real\":0}\n]"
	"\n"},
    {FORMAT_CSV, &computed, things, 2, false, "double,raw,real\r\n,,82.5\r\n2468,2468,0\r\n"},
    {FORMAT_TABLE, &computed, things, 2, false, "DOUBLE  USED  BAR\n-        82%  82%\n2468      0%   0%\n"},
    {FORMAT_BRIEF, &brief, words, 1, false, "a 1\n"},
    {FORMAT_BRIEF, &brief, words + 3, 1, true, "3\n"},
    {FORMAT_BRIEF, &brief, words + 1, 3, false, "北京 1000; x\x1b[2J\n 22; 3\n"},
    {FORMAT_BRIEF, &brief, words, 5, false, "a 1; 北京 1000; x\x1b[2J\n 22; 5 in all\n"},
    {FORMAT_BRIEF, &brief, words, 0, false, "\n"},
    {FORMAT_TABLE, &computed, things + 1, 1, true, "double  2468\nraw     2468\nreal    0%\n"},
};

/* A sink into memory. */
struct memory {
	struct sink sink;
	char *text;
	size_t len;
};

static void open_memory(struct memory *m, enum format format) {
	*m = (struct memory){.sink = {NULL, format, SAFE_UTF8}};
	m->sink.file = open_memstream(&m->text, &m->len);
	assert_non_null(m->sink.file);
}

static void assert_written(struct memory *m, const char *text) {
	assert_int_equal(fclose(m->sink.file), 0);
	assert_string_equal(m->text, text);
	free(m->text);
}

static void test_outputs(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(outputs); i++) {
		struct rows rows = rows_of_array(outputs[i].rows, sizeof(struct thing), outputs[i].count);
		struct memory m;
		struct err err = {0};

		open_memory(&m, outputs[i].format);
		assert_true(outputs[i].one ? output_one(&m.sink, outputs[i].shape, outputs[i].rows, &err)
					   : output_list(&m.sink, outputs[i].shape, rows, &err));
		assert_written(&m, outputs[i].text);
	}
}

/* Later rows keep the widths of earlier ones, under one header. */
static void test_flush_in_between(void **state) {
	struct memory m;
	struct err err = {0};

	(void)state;
	open_memory(&m, FORMAT_TABLE);
	struct list *list = list_begin(&m.sink, &texts);

	list_row(list, &words[1]);
	assert_true(list_flush(list, &err));
	list_row(list, &words[0]);
	assert_true(list_end(list, &err));
	assert_written(&m, "NAME     N\n北京  1000\na        1\n");
}

/* A long list is printed while it is fed. */
static void test_json_streams(void **state) {
	struct memory m;
	struct err err = {0};
	const size_t count = 20000;

	(void)state;
	open_memory(&m, FORMAT_JSON);
	struct list *list = list_begin(&m.sink, &texts);

	for (size_t i = 0; i < count; i++) {
		list_row(list, &words[i % LENGTH(words)]);
	}
	assert_int_equal(fflush(m.sink.file), 0);
	assert_true(m.len > count * 20);
	assert_true(list_end(list, &err));
	assert_int_equal(fclose(m.sink.file), 0);
	json_t *root = json_loads(m.text, 0, NULL);

	assert_int_equal(json_array_size(root), count);
	json_decref(root);
	free(m.text);
}

static struct record *new_doc(void) {
	struct record *record = record_new();

	record_row(record, &texts, &words[0]);
	record_list(record, "history", &texts, rows_of_array(words, sizeof words[0], 2));
	record_list(record, "commands", &texts, rows_of_array(words, sizeof words[0], 0));
	record_bool(record, "ok", true);
	record_int(record, "from", -1);
	record_text(record, "none", NULL);
	record_text(record, "foreign", "a\nb");
	record_raw(record, "applied", "[1,2]");
	record_show(record, "labels", "{\"a\":\"b\"}", "a=b");
	return record;
}

static const struct {
	enum format format;
	const char *text;
} docs[] = {
    {FORMAT_JSON,
	"{\"text\":\"a\",\"number\":1,\"history\":[{\"text\":\"a\",\"number\":1},{\"text\":\"北京\","
	"\"number\":1000}],"
	"\"commands\":[],\"ok\":true,\"from\":-1,\"none\":null,\"foreign\":\"a\\nb\","
	"\"applied\":[1,2],\"labels\":{\"a\":\"b\"}}\n"},
    {FORMAT_CSV, "text,number,history,commands,ok,from,none,foreign,applied,labels\r\n"
		 "a,1,\"[{\"\"text\"\":\"\"a\"\",\"\"number\"\":1},{\"\"text\"\":\"\"北京\"\",\"\"number\"\":"
		 "1000}]\",[],true,-1,,"
		 "\"a\nb\",\"[1,2]\",\"{\"\"a\"\":\"\"b\"\"}\"\r\n"},
    {FORMAT_TABLE, "text      a\nnumber    1\ncommands  -\nok        yes\nfrom      -1\nnone      -\n"
		   "foreign   a‹0A›b\napplied   [1,2]\nlabels    a=b\n"
		   "\nhistory:\nNAME     N\na        1\n北京  1000\n"},
    {FORMAT_BRIEF, "text a, number 1, ok yes, from -1, foreign a\nb, "
		   "applied [1,2], "
		   "labels a=b\n"},
};

static void test_doc(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(docs); i++) {
		struct memory m;
		struct err err = {0};

		open_memory(&m, docs[i].format);
		assert_true(record_print(new_doc(), &m.sink, &err));
		assert_written(&m, docs[i].text);
	}
}

/* A full disk is reported, also when an early part did not fit. */
static void test_write_errors(void **state) {
	static const size_t counts[] = {1, 5, 20000};

	(void)state;
	for (size_t i = 0; i < LENGTH(counts); i++) {
		struct sink sink = {fopen("/dev/full", "w"), FORMAT_JSON, SAFE_UTF8};
		struct err err = {0};

		assert_non_null(sink.file);
		struct list *list = list_begin(&sink, &texts);

		for (size_t k = 0; k < counts[i]; k++) {
			list_row(list, &words[0]);
		}
		assert_false(list_end(list, &err));
		assert_int_equal(err.code, ERR_INTERNAL);
		assert_non_null(strstr(err.message, "could not be written"));
		err_release(&err);
		(void)fclose(sink.file);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_outputs),
	    cmocka_unit_test(test_flush_in_between),
	    cmocka_unit_test(test_json_streams),
	    cmocka_unit_test(test_doc),
	    cmocka_unit_test(test_write_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
