/*
 * The language of filters: words, fields, labels, and where an error is.
 */
#include "model/syntax/filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/syntax/selector.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Writes the parts of the JSON in a short form: words in quotes, FIELD OP VALUES, and labels as OP KEY
 * VALUES. */
static void shorten(const char *json, struct buf *out) {
	json_t *root = json_loads(json, 0, NULL);
	json_t *any = json_string("9223372036854775807"); /* any slot: each name may be one of a host */
	json_t *item, *value;
	size_t i, k;

	assert_non_null(root);
	buf_puts(out, json_is_true(json_object_get(root, "invert")) ? "not" : "");
	json_array_foreach(json_object_get(root, "words"), i, item) {
		const char *kind = json_string_value(json_object_get(item, "kind"));

		buf_printf(out, " \"%s\"", json_string_value(json_object_get(item, "text")));
		if (kind != NULL && !json_equal(json_object_get(item, "last"), any)) {
			buf_printf(out, ":%s:%s-%s%s", kind,
			    json_string_value(json_object_get(item, "first")),
			    json_string_value(json_object_get(item, "last")),
			    json_string_value(json_object_get(item, "host")));
		}
	}
	json_array_foreach(json_object_get(root, "terms"), i, item) {
		buf_printf(out, " %s %s", json_string_value(json_object_get(item, "field")),
		    json_string_value(json_object_get(item, "op")));
		json_array_foreach(json_object_get(item, "values"), k, value) {
			buf_printf(out, " %s", json_string_value(value));
		}
	}
	json_array_foreach(json_object_get(root, "labels"), i, item) {
		buf_printf(out, " %s [%s]%s", json_string_value(json_object_get(item, "op")),
		    json_string_value(json_object_get(item, "prefix")),
		    json_string_value(json_object_get(item, "name")));
		json_array_foreach(json_object_get(item, "values"), k, value) {
			buf_printf(out, " %s", json_string_value(value));
		}
	}
	json_decref(any);
	json_decref(root);
}

static void read_as(const char *text, enum filter_rows rows, const char *expected) {
	struct row_filter filter = {0};
	struct buf shown = {0};
	struct err err = {0};

	if (!row_filter_parse(text, rows, &filter, &err)) {
		fail_msg("%s: %s", text, err.message);
	}
	if (expected == NULL) {
		assert_null(filter.json);
	} else {
		shorten(filter.json, &shown);
		assert_string_equal(buf_text(&shown), expected);
	}
	buf_release(&shown);
	row_filter_release(&filter);
}

static void test_reads(void **state) {
	static const struct {
		const char *text;
		enum filter_rows rows;
		const char *expected;
	} cases[] = {
	    {"", FILTER_LEASES, NULL},
	    {"  ", FILTER_LEASES, NULL},
	    {"!", FILTER_LEASES, NULL},
	    {"web_1 ", FILTER_LEASES, " \"web_1\""},
	    {"ci \"a b\"", FILTER_LEASES, " \"ci\" \"a b\""},
	    {"\"say \\\"x\\\"\"", FILTER_LEASES, " \"say \"x\"\""},
	    {"!over", FILTER_LEASES, "not \"over\""},
	    {"(old) in.", FILTER_LEASES, " \"(old)\" \"in.\""},
	    {"10.0.0.7", FILTER_POOLS, " \"10.0.0.7\":ipv4:167772167-167772167"},
	    {"10.0.0.0/30", FILTER_POOLS, " \"10.0.0.0/30\":ipv4:167772160-167772163"},
	    {"fd00::1", FILTER_POOLS,
		" \"fd00::1\":ipv6:336294682933583715844663186250927177729-"
		"336294682933583715844663186250927177729"},
	    {"100-200", FILTER_POOLS, " \"100-200\":number:100-200"},
	    {"rack:7", FILTER_POOLS, " \"rack:7\":host:7-7rack"},
	    {"state=broken", FILTER_LEASES, " state = broken"},
	    {"state != SOON", FILTER_LEASES, " state != soon"},
	    {"state in (broken, late),x=1", FILTER_LEASES, " state in broken late equals []x 1"},
	    {"holder=\"ci runner\" pool=web", FILTER_LEASES, " holder = ci runner pool = web"},
	    {"holder=", FILTER_LEASES, " holder = "},
	    {"holder==a=b", FILTER_LEASES, " holder = a=b"},
	    {"held>30d", FILTER_LEASES, " held > 2592000000000"},
	    {"expires<1h", FILTER_LEASES, " expires < +3600000000"},
	    {"expires<=2026-01-31T12:00:00Z", FILTER_LEASES, " expires <= @1769860800000000"},
	    {"expires=never", FILTER_LEASES, " expires = never"},
	    {"priority>=2", FILTER_LEASES, " priority >= 2"},
	    {"value=10.0.0.0/30", FILTER_LEASES, " value = ipv4 167772160 167772163 "},
	    {"value=rack", FILTER_LEASES, " value = host 1 9223372036854775807 rack"},
	    {"free<20 used%>90% used>90", FILTER_POOLS, " free < 20 used% > 90 used > 90"},
	    {"used%<92.5,runs-out<7d", FILTER_POOLS, " used% < 92.5 runs-out < +604800000000"},
	    {"state=stuck tries>2 error=\"no route\"", FILTER_COMMANDS,
		" state = stuck tries > 2 error = no route"},
	    {"lag>5m target=web by!=ci", FILTER_COMMANDS, " lag > 300000000 target = web by != ci"},
	    {"a,b", FILTER_COMMANDS, " \"a\" \"b\""},
	    /* labels: as selectors, where no field has the name */
	    {"env=prod,!old", FILTER_LEASES, " equals []env prod absent []old"},
	    {"a , b", FILTER_LEASES, " exists []a exists []b"},
	    {"x.y/env= prod tier  notin (a,)", FILTER_LEASES, " equals [x.y]env prod not_in []tier  a"},
	    {"!!env", FILTER_LEASES, "not absent []env"},
	    {" !env", FILTER_LEASES, " absent []env"},
	    {"n>5 m>=5 k<=5", FILTER_LEASES, " greater []n 5 at_least []m 5 at_most []k 5"},
	    {"label:state=x label:pool !label:kind", FILTER_LEASES,
		" equals []state x exists []pool absent []kind"},
	    {"name=web", FILTER_LEASES, " equals []name web"},
	    {"name=web", FILTER_POOLS, " name = web"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		read_as(cases[i].text, cases[i].rows, cases[i].expected);
	}
}

/* The position counts characters; the message tells what was expected. */
static void test_wrong(void **state) {
	static const struct {
		const char *text;
		enum filter_rows rows;
		size_t at;
		const char *message;
	} bad[] = {
	    {"state=gon", FILTER_LEASES, 6, "filter: state is one of pending, "},
	    {"state<broken", FILTER_LEASES, 5, "filter: state has the operators = and !=, in and notin"},
	    {"web held>x", FILTER_LEASES, 9, "filter: held is a duration"},
	    {"held>", FILTER_LEASES, 5, "filter: held is a duration"},
	    {"\xc3\xa9 expires<soon", FILTER_LEASES, 10, "filter: expires is a duration from now"},
	    {"expires<never", FILTER_LEASES, 8, "filter: never goes with = and !="},
	    {"value=10.0.0.300", FILTER_LEASES, 6, "filter: value is an address"},
	    {"value<10.0.0.0/8", FILTER_LEASES, 6, "filter: a range goes with = and !="},
	    {"used>90%", FILTER_POOLS, 5, "filter: used is a count; the percentage is used%"},
	    {"used%>x", FILTER_POOLS, 6, "filter: expected a percentage"},
	    {"free>-1", FILTER_POOLS, 5, "filter: free is a whole number"},
	    {"error>x", FILTER_COMMANDS, 5, "filter: error has the operators = and !="},
	    {"env=prod", FILTER_COMMANDS, 0,
		"filter: the fields are state, action, target, by, lag, tries, error"},
	    {"a,,b", FILTER_LEASES, 2, "filter: expected a word"},
	    {"a,", FILTER_LEASES, 2,
		"filter: expected a word, a field or the key of a label, but it ends there"},
	    {"=x", FILTER_LEASES, 0, "label key"},
	    {"\"a", FILTER_LEASES, 2, "filter: expected a quote at the end"},
	    {"\"a\"b", FILTER_LEASES, 3, "filter: expected a blank"},
	    {"state in (broken", FILTER_LEASES, 16, "filter: expected \",\" or \")\", but it ends there"},
	    {"env in (", FILTER_LEASES, 8, "selector: expected"},
	    {"web env=a(b", FILTER_LEASES, 9, "selector: expected"},
	    {"n>=x", FILTER_LEASES, 3, "selector: expected an integer"},
	    {"\xc3\xa9=a", FILTER_LEASES, 0, "label"},
	    {"a!b", FILTER_LEASES, 2, "filter: expected \"=\""},
	    {"a\xff", FILTER_LEASES, 1, "filter: the text is not UTF-8"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct row_filter filter = {0};
		struct err err = {0};
		json_t *detail;

		assert_false(row_filter_parse(bad[i].text, bad[i].rows, &filter, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		if (strstr(err.message, bad[i].message) == NULL) {
			fail_msg("%s: %s", bad[i].text, err.message);
		}
		detail = json_loads(err.detail, 0, NULL);
		assert_int_equal(json_integer_value(json_object_get(detail, "position")), bad[i].at);
		json_decref(detail);
		err_release(&err);
	}
}

/* A word from elsewhere is one, whatever it has in it. */
static void test_word(void **state) {
	struct row_filter filter = row_filter_word("a=\"b\" !c");
	struct row_filter none = row_filter_word("");
	struct buf shown = {0};

	(void)state;
	shorten(filter.json, &shown);
	assert_string_equal(buf_text(&shown), " \"a=\"b\" !c\"");
	assert_null(none.json);
	buf_release(&shown);
	row_filter_release(&filter);
}

/* Texts of any bytes and length are read or refused. */
static void test_any(void **state) {
	static const char bytes[] = "a1 \"\\=!<>,()in:%/\xc3\xa9\xff";
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char text[24];
		size_t n = (size_t)rand_r(&seed) % sizeof text;
		struct row_filter filter = {0};
		struct err err = {0};

		for (size_t i = 0; i < n; i++) {
			text[i] = bytes[(size_t)rand_r(&seed) % (sizeof bytes - 1)];
		}
		text[n < sizeof text ? n : sizeof text - 1] = '\0';
		if (row_filter_parse(text, (enum filter_rows)(1 + round % 3), &filter, &err)) {
			if (filter.json != NULL) {
				json_t *root = json_loads(filter.json, 0, NULL);

				assert_non_null(root);
				json_decref(root);
			}
			row_filter_release(&filter);
		} else {
			assert_non_null(err.detail);
			err_release(&err);
		}
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reads),
	    cmocka_unit_test(test_wrong),
	    cmocka_unit_test(test_word),
	    cmocka_unit_test(test_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
