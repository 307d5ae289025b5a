/*
 * The screens of pools of blocks: the list, the detail with its gauge, and the leases, drawn without a
 * terminal and compared with golden files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "db/base/clock.h"
#include "db/batch/rows.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/list/view.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { EXCLUSIONS_AT = 4 }; /* the place of the exclusions among the row sets of a pool */

static struct count count_of(const char *digits) {
	struct count count;

	(void)snprintf(count.digits, sizeof count.digits, "%s", digits);
	return count;
}

static struct pool make_pool(unsigned n, const char *name, enum kind kind, const char *unit,
    const char *addresses, const char *size, const char *used, const char *free, double percent) {
	return (struct pool){.id = golden_id(n),
	    .name = name,
	    .kind = kind,
	    .space = "global",
	    .unit = unit,
	    .addresses = count_of(addresses),
	    .capacity = count_of(size),
	    .used = count_of(used),
	    .held_back = count_of("1"),
	    .free = count_of(free),
	    .excluded = count_of("1"),
	    .percent = percent,
	    .status = percent >= 80 ? POOL_WARNING : POOL_OK,
	    .warn = 80,
	    .crit = 90,
	    .resources = 1,
	    .runs_out = TIME_NONE,
	    .runs_out_from = TIME_NONE,
	    .runs_out_by = TIME_NONE,
	    .sampled = GOLDEN_NOW - 30 * GOLDEN_DAY,
	    .full_since = TIME_NONE,
	    .week_end = GOLDEN_NOW - 7 * GOLDEN_HOUR,
	    .week = "1111222211112222333344445555",
	    .reuse_delay = GOLDEN_HOUR,
	    .created = GOLDEN_NOW - 300 * GOLDEN_DAY,
	    .labels = "{}"};
}

static struct lease make_lease(
    unsigned n, const char *pool, enum kind kind, u128 value, const char *unit, const char *holder) {
	struct lease lease = golden_lease(n, pool, holder);

	lease.kind = kind;
	lease.value = value;
	lease.unit = unit;
	return lease;
}

/* 2001:db8:0:5:: */
static u128 site(void) {
	return (u128)0x20010db800000005 << 64;
}

static void start(struct app *app, bool ascii) {
	struct pool pools[] = {make_pool(1, "sites-v6", KIND_IPV6, "/64", "1208925819614629174706176",
				   "65536", "53000", "12535", 80.9),
	    make_pool(2, "loops-v6", KIND_IPV6, "/128", "4096", "4096", "10", "4085", 0.2),
	    make_pool(3, "racks-v4", KIND_IPV4, "/26", "65536", "1024", "100", "923", 9.8),
	    make_pool(4, "ports", KIND_NUMBER, "64", "64512", "1008", "3", "1004", 0.3),
	    make_pool(5, "ports-wide", KIND_NUMBER, "4096", "61440", "15", "3", "11", 20),
	    make_pool(6, "vlans", KIND_NUMBER, NULL, "4094", "4094", "12", "4081", 0.3)};
	struct lease leases[] = {
	    make_lease(7, "sites-v6", KIND_IPV6, site(), "/64", "ams-3"),
	    make_lease(8, "racks-v4", KIND_IPV4, 0x0a004000, "/26", "rack-9"),
	    make_lease(9, "ports", KIND_NUMBER, 1024, "64", "ci-runner-0041"),
	    make_lease(10, "vlans", KIND_NUMBER, 100, NULL, "lab"),
	};
	const struct exclusion kept = {.kind = KIND_IPV6,
	    .host = "",
	    .first = site(),
	    .last = site() | (((u128)1 << 64) - 1),
	    .reason = "the routers"};

	golden_start(app, ascii);
	golden_fill(app, &view_pools, pools, COUNT(pools), (int64_t)COUNT(pools));
	golden_fill(app, &view_leases, leases, COUNT(leases), -1);
	app_pane_of(app, &view_pools)->more_of = golden_id(1);
	rowset_copy(app_pane_of(app, &view_pools)->more, &row_lease, leases, COUNT(leases));
	rowset_copy(&app_pane_of(app, &view_pools)->more[EXCLUSIONS_AT], &row_exclusion, &kept, 1);
}

static void pools_of_blocks(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0);
		golden(&app, "blocks-pools", 40, 120);
		golden(&app, "blocks-pools", 24, 80);
		golden(&app, "blocks-pools", 50, 200);
		golden_type(&app, "\r");
		golden(&app, "blocks-pool", 24, 80);
		app_release(&app);
	}
}

static void leases_of_blocks(void **state) {
	(void)state;
	for (int ascii = 0; ascii < 2; ascii++) {
		struct app app;

		start(&app, ascii != 0);
		golden_type(&app, "2");
		golden(&app, "blocks-leases", 40, 120);
		golden(&app, "blocks-leases", 24, 80);
		app_release(&app);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pools_of_blocks),
	    cmocka_unit_test(leases_of_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
