/*
 * What is read to answer does not depend on the number of pools, resources and leases. The same questions are
 * asked of a small database and of one that has ten times as many of all, with the server's statistics as
 * they are after a load, taken when all was empty, and taken when all was there; the buffers that
 * the server touches are counted, since the time depends on the machine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "db/base/mem.h"
#include "tests/lib/database.h"

enum place { SMALL, FRESH, STALE, KNOWN, PLACES };

static const char *const names[PLACES] = {"small", "fresh", "stale", "known"};

struct scene {
	struct database *at[PLACES];
};

/* Pools of ten resources with one lease each, every tenth of them labelled, and twice as many past ones; the
 * first pools are named pool-1... The counts of buffers are those of the second run: the first one reads the
 * catalogs too. */
static const char probe[] =
    "create schema probe;"
    "create function probe.load(pools int) returns void language sql as $$"
    " insert into berth.space (name) values ('a'), ('b') on conflict do nothing;"
    " insert into berth.pool (id, name, kind, space, warn, crit, ttl, reuse_delay)"
    "  select md5('p' || n)::uuid, 'pool-' || n, 'number', s.number, 80, 90, 0, 0"
    "  from generate_series(1, pools) n, berth.space s where s.name = 'a';"
    " insert into berth.resource (id, pool, space, kind, name, first, last)"
    "  select md5('r' || n)::uuid, p.id, p.space, 'number', 10 * n || '-' || 10 * n + 9, 10 * n, 10 * n + 9"
    "  from generate_series(10, 10 * pools + 9) n join berth.pool p on p.id = md5('p' || n / 10)::uuid;"
    " insert into berth.stripe (pool, resource, host, first, last, free, room, usable, open)"
    "  select r.pool, r.id, '', r.first, r.last, nummultirange(numrange(r.first + 1, r.last + 1)), 9, true, "
    "true"
    "  from berth.resource r;"
    " insert into berth.lease (id, pool, resource, value, state, holder, priority, acquired, activated)"
    "  select md5('l' || r.name)::uuid, r.pool, r.id, r.first, 'active', 'vm-' || r.first % 7, 0, now(), "
    "now()"
    "  from berth.resource r order by r.first;"
    " insert into berth.lease (id, pool, resource, value, state, holder, priority, acquired, released, "
    "destroyed)"
    "  select gen_random_uuid(), r.pool, r.id, r.first + 1, 'destroyed', 'vm-' || r.first % 7, 0, now(), "
    "now(), now()"
    "  from berth.resource r, generate_series(1, 2);"
    " insert into berth.label (kind, target, prefix, name, value, seq)"
    "  select 'lease', l.id, '', 'app', 'a', l.seq from berth.lease l where l.value between 100 and 900 and "
    "l.value % 100 = 0"
    "  and l.state = 'active' $$;"
    "create function probe.buffers(what text) returns bigint language plpgsql as $$"
    " declare j json;"
    " begin"
    "  for n in 1 .. 2 loop execute 'explain (analyze, buffers, format json) ' || what into j; end loop;"
    "  return (j->0->'Plan'->>'Shared Hit Blocks')::bigint + (j->0->'Plan'->>'Shared Read Blocks')::bigint;"
    " end $$;"
    "create function probe.same_holder(who text, most bigint) returns bool language sql as $$"
    " select (select array_agg(id order by seq desc) from berth.holder_scan('{active}', who, false, null, "
    "most))"
    "  is not distinct from (select array_agg(id order by seq desc) from (select id, seq from berth.lease"
    "   where state = 'active' and holder = who order by seq desc limit most) l)"
    "  and (select array_agg(id order by seq) from berth.holder_scan('{active}', who, true, 500, most))"
    "  is not distinct from (select array_agg(id order by seq) from (select id, seq from berth.lease"
    "   where state = 'active' and holder = who and seq > 500 order by seq limit most) l) $$;"
    "do $$ declare t regclass; begin for t in select oid from pg_class where relnamespace = "
    "'berth'::regnamespace"
    " and relkind = 'r' loop execute format('alter table %s set (autovacuum_enabled = off)', t); end loop; "
    "end $$";

static const char statistics[] = "vacuum analyze";

static int open_scene(void **state) {
	struct scene *s = mem_new(1, sizeof *s);

	for (size_t i = 0; i < PLACES; i++) {
		s->at[i] = database_new();
		database_run(s->at[i], probe);
		if (i == STALE) {
			database_run(s->at[i], statistics);
		}
		database_run(s->at[i], i == SMALL ? "select probe.load(200)" : "select probe.load(2000)");
		if (i == SMALL || i == KNOWN) {
			database_run(s->at[i], statistics);
		}
	}
	*state = s;
	return 0;
}

static int close_scene(void **state) {
	struct scene *s = *state;

	for (size_t i = 0; i < PLACES; i++) {
		database_drop(s->at[i]);
	}
	free(s);
	return 0;
}

/* Checks that the question touches at most so many buffers everywhere. */
static void touches_little(const struct scene *s, const char *what, int most) {
	char *ask = mem_print("select probe.buffers($q$%s$q$)", what);

	for (size_t i = 0; i < PLACES; i++) {
		int64_t buffers = strtoll(database_ask(s->at[i], ask), NULL, 10);

		if (buffers > most) {
			fail_msg("%s: %s touches %lld buffers, more than %d", names[i], what,
			    (long long)buffers, most);
		}
	}
	free(ask);
}

/* The pools of a window, as the program asks for them. */
#define POOLS(order)                                                                                         \
	"select v.* from berth.pool_window(null, null, null, '" order "') w"                                 \
	" cross join lateral (select * from berth.pool_view where id = w.id offset 0) v order by w.n"

static void a_page_of_pools(void **state) {
	touches_little(*state, POOLS("{\"sort\": \"name\", \"most\": 10}"), 900);
	touches_little(*state, POOLS("{\"sort\": \"name\", \"skip\": 100, \"most\": 10}"), 1500);
}

static void the_plan_of_a_release(void **state) {
	touches_little(*state,
	    "select * from berth.release_plan(jsonb_build_array(jsonb_build_object('kind', 'lease', 'id', "
	    "md5('l110-119')::uuid)))",
	    1000);
	touches_little(
	    *state, "select * from berth.release_plan('[{\"kind\": \"pool\", \"name\": \"pool-7\"}]')", 2000);
	touches_little(*state,
	    "select * from berth.release_plan('[{\"kind\": \"leases\", \"states\": [], \"selector\": "
	    "[{\"op\": "
	    "\"equals\", \"prefix\": \"\", \"name\": \"app\", \"values\": [\"a\"]}]}]')",
	    3000);
}

static void the_plan_of_a_bulk(void **state) {
	touches_little(*state,
	    "select * from berth.bulk_plan('cordon', '[{\"kind\": \"resource\", \"pool\": \"pool-7\", "
	    "\"type\": "
	    "\"number\", \"host\": \"\", \"range\": \"75-79\", \"first\": 750, \"last\": 759}]')",
	    800);
}

static void the_leases_of_a_value(void **state) {
	touches_little(
	    *state, "select * from berth.value_leases('number', 110, '', null, '{active, destroyed}')", 300);
	touches_little(*state, "select * from berth.value_leases('number', 111, '', now(), '{active}')", 300);
}

static void a_piece_of_doctor(void **state) {
	touches_little(*state, "select * from berth.doctor_piece('resources', null, 20)", 2500);
	touches_little(*state, "select * from berth.doctor_piece('pools', null, 20)", 1500);
	touches_little(*state, "select * from berth.doctor_piece('leases', null, 20)", 1500);
	touches_little(*state, "select * from berth.doctor_piece('labels', null, 5)", 1500);
}

static void a_piece_of_the_inspection(void **state) {
	touches_little(*state, "select berth.inspect_next('resources', null, 20)", 1500);
	touches_little(*state, "select berth.inspect_next('pools', null, 20)", 600);
	touches_little(*state, "select berth.inspect_next('leases', null, 20)", 500);
	touches_little(*state, "select berth.inspect_next('commands', null, 20)", 500);
}

/* The leases of a holder are found pool by pool, or among all leases where the server knows that a pool has
 * few. Both ways find the same. */
static void the_leases_of_a_holder(void **state) {
	static const char *const limits[] = {"15", "15000", "null"};
	static const char *const holders[] = {"vm-3", "vm-0", "nobody"};
	const struct scene *s = *state;

	for (size_t i = 0; i < PLACES; i++) {
		for (size_t n = 0; n < 9; n++) {
			char *same =
			    mem_print("select probe.same_holder('%s', %s)", holders[n / 3], limits[n % 3]);

			assert_string_equal(database_ask(s->at[i], same), "t");
			free(same);
		}
	}
}

/* A filter by a holder takes the same way, unless someone waits for it who rather has a part of the answer.
 */
static void a_filter_by_holder(void **state) {
	static const char filter[] = "'{\"invert\": false, \"words\": [], \"labels\": [], \"terms\":"
				     " [{\"field\": \"holder\", \"op\": \"=\", \"values\": [\"%s\"]}]}'";
	static const char *const holders[] = {"vm-3", "nobody"};
	const struct scene *s = *state;

	for (size_t i = 0; i < PLACES; i++) {
		for (size_t n = 0; n < 2; n++) {
			char *asked = mem_print(filter, holders[n]);
			char *same = mem_print(
			    "select count(*) = (select count(*) from berth.lease where state = 'active' and "
			    "holder = '%s') from berth.lease_window(true, '{active}', null, null, %s, false, "
			    "null, "
			    "null, null, null, null)",
			    holders[n], asked);
			char *way = mem_print("select berth.lease_few(%s, null) is not null and "
					      "berth.lease_few(%s, 100000) is null",
			    asked, asked);

			assert_string_equal(database_ask(s->at[i], same), "t");
			assert_string_equal(database_ask(s->at[i], way), "t");
			free(asked);
			free(same);
			free(way);
		}
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_page_of_pools),
	    cmocka_unit_test(the_plan_of_a_release),
	    cmocka_unit_test(the_plan_of_a_bulk),
	    cmocka_unit_test(the_leases_of_a_value),
	    cmocka_unit_test(a_piece_of_doctor),
	    cmocka_unit_test(a_piece_of_the_inspection),
	    cmocka_unit_test(the_leases_of_a_holder),
	    cmocka_unit_test(a_filter_by_holder),
	};

	return cmocka_run_group_tests_name("size", tests, open_scene, close_scene);
}
