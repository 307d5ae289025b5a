/*
 * The pools of a new project, as they are written.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "model/project.h"
#include "model/project_pools.h"
#include "model/syntax/range.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* The parsed form: "web ipv4 10.0.0.0/24 10.0.9.5". */
static void tell(const struct project_pools *pools, struct buf *out) {
	for (size_t i = 0; i < pools->count; i++) {
		const struct project_pool *pool = &pools->pools[i];

		buf_printf(out, "%s%s %s", i == 0 ? "" : "; ", pool->name, kind_names[pool->kind]);
		for (size_t n = 0; n < pool->count; n++) {
			buf_char(out, ' ');
			range_text(&pool->ranges[n], out);
		}
	}
}

static const struct {
	const char *texts[3];
	const char *understood;
} good[] = {
    {{NULL}, ""},
    {{"web=10.0.0.0/24"}, "web ipv4 10.0.0.0/24"},
    {{"web=10.0.0.0/24,10.0.9.5-10.0.9.9,10.1.0.7"}, "web ipv4 10.0.0.0/24 10.0.9.5-10.0.9.9 10.1.0.7"},
    {{"w.e-b_1=100-4094,7"}, "w.e-b_1 number 100-4094 7"},
    {{"six=fd00::/64,fd01::1"}, "six ipv6 fd00::/64 fd01::1"},
    {{"rack=host1:4,host2"}, "rack host host1:4 host2"},
    {{"a=1", "b=10.0.0.1", "A=fd00::1"}, "a number 1; b ipv4 10.0.0.1; A ipv6 fd00::1"},
};

static void is_understood(void **state) {
	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		struct project_pools pools = {0};
		struct buf told = {0};
		struct err err = {0};

		for (size_t n = 0; n < LENGTH(good[i].texts) && good[i].texts[n] != NULL; n++) {
			if (!project_pools_add(&pools, good[i].texts[n], &err)) {
				fail_msg("%s: %s", good[i].texts[n], err.message);
			}
		}
		tell(&pools, &told);
		assert_string_equal(buf_text(&told), good[i].understood);
		buf_release(&told);
		project_pools_release(&pools);
		assert_int_equal(pools.count, 0);
	}
}

/* After a valid pool "web". */
static const struct {
	const char *text, *part;
} bad[] = {
    {"", "expected NAME=RANGE"},
    {"db", "\"db\": expected NAME=RANGE"},
    {"=1", "a name must not be empty"},
    {"d b=1", "pool \"d b\": a name is"},
    {"db=", "pool db: range \"\": not an address, number or host"},
    {"db=1,", "pool db: range \"\""},
    {"db=,1", "pool db: range \"\""},
    {"db=1,,2", "pool db: range \"\""},
    {"db= 1", "range \" 1\""},
    {"db=1=2", "1=2"},
    {"db=10.0.0/24", "10.0.0/24"},
    {"db=10.0.0.1/24", "10.0.0.1/24"},
    {"db=9-1", "9-1"},
    {"db=1,10.0.0.1", "pool db: a pool is of one kind, and \"1\" is number, \"10.0.0.1\" is ipv4"},
    {"db=fd00::/64,10.0.0.1", "\"fd00::/64\" is ipv6, \"10.0.0.1\" is ipv4"},
    {"db=10.0.0.1,10.0.0.2,h", "\"10.0.0.1\" is ipv4, \"h\" is host"},
    {"web=2", "pool web occurs twice"},
};

static void is_refused(void **state) {
	struct project_pools pools = {0};
	struct err err = {0};

	(void)state;
	assert_true(project_pools_add(&pools, "web=1", &err));
	for (size_t i = 0; i < LENGTH(bad); i++) {
		if (project_pools_add(&pools, bad[i].text, &err)) {
			fail_msg("%s is taken", bad[i].text);
		}
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		if (strstr(err.message, bad[i].part) == NULL) {
			fail_msg("%s: %s", bad[i].text, err.message);
		}
		err_release(&err);
		assert_int_equal(pools.count, 1);
	}
	project_pools_release(&pools);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_understood),
	    cmocka_unit_test(is_refused),
	};

	return cmocka_run_group_tests_name("project_pools", tests, NULL, NULL);
}
