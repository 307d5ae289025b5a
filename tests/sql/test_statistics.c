/*
 * The server's statistics of its tables do not decide how much a worker reads.
 * The same work is done on three databases: one whose statistics were taken
 * with a long history and nothing to do, a young one without statistics, and
 * one whose statistics were taken in the middle of the work.
 *
 * The test counts the rows and index entries that are read, since the time
 * depends on the machine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "db/base/mem.h"
#include "tests/lib/database.h"

enum view_id { IDLE, YOUNG, BUSY, PLACES };

static const char *const names[PLACES] = {"idle", "young", "busy"};

/* The databases that each test copies. */
struct scene {
	struct database *at[PLACES];
};

/* The counters are those of this session; they are kept until it is idle, so a procedure sees all of its own.
 * Rows that are dead do not count: an index keeps them as long as a transaction of any database is older.
 * Leases, commands and their rows are created in sets. */
static const char probe[] =
    "create schema probe;"
    "create function probe.reads() returns table (name text, reads bigint) language sql as $$"
    " select relname, pg_stat_get_xact_tuples_fetched(oid) + case relkind when 'i' then 0 else"
    " pg_stat_get_xact_tuples_returned(oid) end from pg_class"
    " where relnamespace = 'berth'::regnamespace and relkind in ('r', 'i') $$;"
    "create table probe.start (name text, reads bigint);"
    "create table probe.spent (reads bigint, mostly text);"
    /* Until it answers with 0, each time in a transaction of its own. */
    "create procedure probe.work(what text, most bigint) language plpgsql as $$"
    " declare n bigint;"
    " begin"
    "  truncate probe.start, probe.spent;"
    "  insert into probe.start select * from probe.reads();"
    "  loop"
    "   execute what into n;"
    "   commit;"
    "   exit when n = 0 or most < (select sum(r.reads - s.reads) from probe.reads() r join probe.start s "
    "using (name));"
    "  end loop;"
    "  insert into probe.spent select sum(reads), string_agg(name || ' ' || reads, ', ' order by reads desc) "
    "filter (where reads > most / 20)"
    "  from (select name, r.reads - s.reads as reads from probe.reads() r join probe.start s using (name)) x;"
    " end $$;"
    "create function probe.pool(name text, rest bigint, activate text, release text) returns void language "
    "sql as $$"
    " select berth.pool_create(gen_random_uuid(), name, 'number', name, null, 80, 90, 0, rest, activate, "
    "release,"
    "  '[{\"name\": \"1-100000\", \"first\": 1, \"last\": 100000, \"host\": \"\"}]', '{}') $$;"
    "create function probe.leases(pool text, n int) returns bigint language sql as $$"
    " select count(*) from berth.allocate_many(array(select gen_random_uuid() from generate_series(1, n)), "
    "pool, 'x',"
    "  null, null, 0, '{}') $$;"
    "create function probe.import(size int) returns bigint language sql as $$"
    " select 0::bigint from berth.pool_import(gen_random_uuid(), (select "
    "jsonb_agg(jsonb_build_object('line', n,"
    "  'pool', 'p' || n % 20, 'kind', 'number', 'space', 'i', 'name', n::text, 'first', 10 * n, 'last', 10 * "
    "n + "
    "size,"
    "  'host', '', 'labels', jsonb_build_object('a', 'b'))) from generate_series(1, 2000) n), true, '{}') $$;"
    /* As berth.queue() creates them. */
    "create function probe.release(pool text, due interval default '0') returns void language sql as $$"
    " insert into berth.command (action, kind, target, lane_kind, lane, hook, not_before)"
    " select 'release', 'lease', l.id, 'lease', l.id, berth.needs_hook('release', l.id), now() + due"
    " from berth.lease l join berth.pool p on p.id = l.pool where p.name = release.pool and l.state <> "
    "'destroyed' order by l.seq $$;"
    "select berth.worker_start('w', 'h', 1, 3600000000, true, now());"
    "do $$ declare t regclass; begin for t in select oid from pg_class where relnamespace = "
    "'berth'::regnamespace"
    " and relkind = 'r' loop execute format('alter table %s set (autovacuum_enabled = off)', t); end loop; "
    "end $$";

static const char history[] =
    "select probe.pool('history', 0, null, null);"
    "insert into berth.lease (id, pool, resource, value, state, holder, priority, created, acquired, "
    "activated,"
    "  released, destroyed, generation)"
    " select gen_random_uuid(), r.pool, r.id, n, 'destroyed', 'h', 0, t, t, t, t, t, 3"
    " from berth.resource r, generate_series(1, 20000) n, (select now() - interval '1 hour') x (t);"
    "insert into berth.command (action, kind, target, lane_kind, lane, state, outcome, consumed_at, created, "
    "not_before)"
    " select 'release', 'lease', id, 'lease', id, 'done', 'applied', destroyed, created, created from "
    "berth.lease";

static const char statistics[] = "vacuum analyze berth.command, berth.lease, berth.event, berth.stripe, "
				 "berth.pool, berth.resource, berth.label,"
				 " berth.project, berth.worker";

static int open_scene(void **state) {
	struct scene *s = mem_new(1, sizeof *s);

	for (size_t i = 0; i < PLACES; i++) {
		s->at[i] = database_new();
		database_run(s->at[i], probe);
	}
	database_run(s->at[IDLE], history);
	database_run(s->at[IDLE], statistics);
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

struct work {
	const char *before; /* creates the work */
	const char *clean;  /* after that, outside any transaction; NULL for nothing */
	const char *what;   /* one step: how many items it did */
	const char *left;   /* must return "0" afterwards */
	int items;
	int each; /* reads of one item, at most, in any state of the statistics */
};

static void reads_little(struct database *d, enum view_id place, const struct work *work) {
	char *call = mem_print("call probe.work($$%s$$, %d)", work->what, work->items * work->each);
	long long spent;

	database_run(d, work->before);
	/* The inspection reads the next few things in each round, whatever there is to do. */
	database_run(d, "update berth.inspection set due = now() + interval '9 minutes'");
	if (work->clean != NULL) {
		database_run(d, work->clean);
	}
	if (place == BUSY) {
		database_run(d, statistics);
	}
	database_run(d, call);
	spent = strtoll(database_ask(d, "select reads from probe.spent"), NULL, 10);
	if (spent > (long long)work->items * work->each) {
		fail_msg("%s: more than %d reads for each of %d items of \"%s\": %s", names[place],
		    work->each, work->items, work->what, database_ask(d, "select mostly from probe.spent"));
	}
	assert_string_equal(database_ask(d, work->left), "0");
	free(call);
}

/* Does the work in each database, one after the other. */
static void all_read_little(const struct scene *s, const struct work *works, size_t count) {
	for (size_t place = 0; place < PLACES; place++) {
		struct database *d = database_copy(s->at[place]);

		for (size_t i = 0; i < count; i++) {
			reads_little(d, (enum view_id)place, &works[i]);
		}
		database_drop(d);
	}
}

#define APPLY "select berth.apply('w', 500)"
#define TEND "select done from berth.maintain('w', 5, 500, null)"
#define OPEN "select count(*) from berth.command where state in ('queued', 'running', 'quarantined')"
#define LIVE "select count(*) from berth.lease where state <> 'destroyed'"

static void single_releases(void **state) {
	static const struct work works[] = {{.before = "select probe.pool('single', 0, null, null);"
						       "select probe.leases('single', 5000);"
						       "select probe.release('single')",
	    .what = APPLY,
	    .left = OPEN,
	    .items = 5000,
	    .each = 30}};

	all_read_little(*state, works, sizeof works / sizeof *works);
}

/* The leases of others, which are not released, are none of its business. */
static void single_releases_beside_others(void **state) {
	static const struct work works[] = {
	    {.before = "select probe.pool('others', 0, null, null);"
		       "select probe.leases('others', 10000), probe.leases('others', 10000);"
		       "select probe.pool('few', 0, null, null); select probe.leases('few', 2000);"
		       "select probe.release('few')",
		.what = APPLY,
		.left = OPEN,
		.items = 2000,
		.each = 30}};

	all_read_little(*state, works, sizeof works / sizeof *works);
}

static void values_that_have_rested(void **state) {
	static const struct work works[] = {
	    {.before = "select probe.pool('rest', 1000000, null, null); select probe.leases('rest', 800);"
		       "select probe.release('rest');"
		       "do $$ begin while berth.apply('w', 500) > 0 loop end loop; end $$;"
		       "update berth.lease set rest_until = now() where rest_until is not null",
		.what = TEND,
		.left = LIVE,
		.items = 800,
		.each = 30}};

	all_read_little(*state, works, sizeof works / sizeof *works);
}

static void leases_whose_time_is_over(void **state) {
	static const struct work works[] = {
	    {.before = "select probe.pool('over', 0, null, null); select probe.leases('over', 800);"
		       "update berth.lease set created = created - interval '2 hours', until = now() - "
		       "interval '1 hour'"
		       " where state = 'active'",
		.what = TEND,
		.left = "select count(*) - 800 from berth.command where author = 'berth:expiry' and state = "
			"'queued'",
		.items = 800,
		.each = 20},
	    {.before = "select", .what = APPLY, .left = LIVE, .items = 800, .each = 30}};

	all_read_little(*state, works, sizeof works / sizeof *works);
}

static void those_who_wait(void **state) {
	static const struct work works[] = {
	    {.before =
		    "select probe.pool('line', 0, null, null); select probe.pool('short', 0, null, null);"
		    "update berth.stripe s set usable = false, open = false from berth.pool p"
		    " where p.id = s.pool and p.name = 'short';"
		    "update berth.resource r set cordoned = true from berth.pool p"
		    " where p.id = r.pool and p.name = 'short';"
		    "insert into berth.lease (id, pool, state, holder, priority)"
		    " select gen_random_uuid(), p.id, 'pending', '', 0 from berth.pool p, generate_series(1, "
		    "1000)"
		    " where p.name in ('line', 'short');"
		    "update berth.pool set waiting = 1000 where name in ('line', 'short')",
		.what = TEND,
		.left = "select count(*) - 1000 from berth.lease where state = 'pending'",
		.items = 1000,
		.each = 20}};

	all_read_little(*state, works, sizeof works / sizeof *works);
}

static void what_is_forgotten(void **state) {
	static const struct work works[] = {
	    {.before = "select probe.pool('old', 0, null, null); select probe.leases('old', 800);"
		       "select probe.release('old');"
		       "do $$ begin while berth.apply('w', 500) > 0 loop end loop; end $$;"
		       "update berth.event set at = at - interval '40 days';"
		       "update berth.command c set consumed_at = consumed_at - interval '40 days'"
		       " from berth.lease l join berth.pool p on p.id = l.pool where l.id = c.lane "
		       "and p.name = 'old'",
		.what = TEND,
		.left = "select count(*) from berth.lease l join berth.pool p on p.id = l.pool where p.name "
			"= 'old'",
		.items = 2400,
		.each = 15}};

	all_read_little(*state, works, sizeof works / sizeof *works);
}

static void a_bulk(void **state) {
	static const struct work works[] = {
	    {.before = "select probe.pool('bulk', 0, null, null); select probe.leases('bulk', 800);"
		       "select probe.pool('wait', 0, null, null); select probe.leases('wait', 1000);"
		       "select probe.release('wait', '1 hour');"
		       "select berth.queue(gen_random_uuid(), 'release', '[{\"kind\": \"pool\", \"name\": "
		       "\"bulk\"}]', '',"
		       " 0, null, null, null, false, '{}')",
		.what = "select berth.apply('w', 500) + berth.fan_out('w', 500)",
		.left = "select count(*) from berth.lease l join berth.pool p on p.id = l.pool"
			" where p.name = 'bulk' and l.state <> 'destroyed'",
		.items = 800,
		.each = 40},
	    {.before =
		    "select probe.pool('taken-back', 0, null, null); select probe.leases('taken-back', 300);"
		    "do $$ begin loop perform berth.queue(gen_random_uuid(), 'release',"
		    " '[{\"kind\": \"leases\", \"pool\": \"taken-back\"}]', '', 0, null, null, null, false, "
		    "'{}');"
		    " exit when berth.apply('w', 1) + berth.fan_out('w', 500) > 0; end loop; end $$",
		.what = "select 0 from berth.queue_cancel((select id from berth.command where state = "
			"'running'), '', '{}')",
		.left =
		    "select count(*) from berth.command where state in ('queued', 'running') and not_before "
		    "<= now()",
		.items = 300,
		.each = 30},
	    {.before = "update berth.command set not_before = now() where state "
		       "= 'queued'; select probe.release('taken-back')",
		.what = APPLY,
		.left = LIVE,
		.items = 1300,
		.each = 30}};

	all_read_little(*state, works, sizeof works / sizeof *works);
}

static void commands_on_resources(void **state) {
	static const struct work works[] = {
	    {.before =
		    "select probe.pool('racks', 0, null, null);"
		    "select berth.pool_add(gen_random_uuid(), 'racks', 'number', (select "
		    "jsonb_agg(jsonb_build_object('name', n::text,"
		    " 'first', n, 'last', n, 'host', '')) from generate_series(200001, 200300) n), '{}');"
		    "insert into berth.command (action, kind, target, lane_kind, lane) select 'cordon', "
		    "'resource', r.id,"
		    " 'resource', r.id from berth.resource r where r.state = 'active' and r.first > 200000",
		.what = APPLY,
		.left = OPEN,
		.items = 300,
		.each = 30},
	    {.before =
		    "select probe.pool('full', 0, null, null); select probe.leases('full', 1000);"
		    "insert into berth.command (action, kind, target, lane_kind, lane, total, arguments)"
		    " select 'release', 'resource', r.id, 'resource', r.id, 0, jsonb_build_object('scopes',"
		    "  jsonb_build_array(jsonb_build_object('kind', 'resource', 'id', r.id)))"
		    " from berth.resource r where r.state = 'active' and r.first > 200000",
		.what = "select berth.apply('w', 500) + berth.fan_out('w', 500)",
		.left = OPEN,
		.items = 300,
		.each = 120},
	    {.before = "select probe.release('full')",
		.what = APPLY,
		.left = LIVE,
		.items = 1000,
		.each = 30}};

	all_read_little(*state, works, sizeof works / sizeof *works);
}

static void hooks(void **state) {
	static const struct work works[] = {
	    {.before = "select probe.pool('hooked', 0, null, 'hook'); select probe.leases('hooked', 1000);"
		       "select probe.release('hooked')",
		.what = "select count(*) filter (where berth.finish_hook('w', j.command, j.epoch, true, '', "
			"1, 5))"
			" from berth.claim_hooks('w', 8, 3600000000) j",
		.left = LIVE,
		.items = 1000,
		.each = 120}};

	all_read_little(*state, works, sizeof works / sizeof *works);
}

/* A waiting queue and held leases are no work, and are not read one by one. */
static void a_look_that_finds_nothing(void **state) {
	static const struct work works[] = {
	    {.before = "select probe.pool('grace', 0, null, null); select probe.leases('grace', 1000);"
		       "select probe.release('grace', '1 hour')",
		.what = "select berth.apply('w', 500) + berth.fan_out('w', 500) + (select done from "
			"berth.maintain('w', 5, 500, null))"
			" + (select count(*) from berth.claim_hooks('w', 8, 1000000))",
		.left = "select 0",
		.items = 1,
		.each = 1500},
	    {.before = "update berth.command set not_before = now() where state = 'queued'",
		.what = APPLY,
		.left = LIVE,
		.items = 1000,
		.each = 30}};

	all_read_little(*state, works, sizeof works / sizeof *works);
}

static void the_end_of_a_project(void **state) {
	static const struct work works[] = {
	    {.before = "select probe.pool('other', 0, null, null); select probe.leases('other', 1000);"
		       "select berth.org_create(gen_random_uuid(), 'o', null, '{}');"
		       "select berth.project_create(gen_random_uuid(), 'o/p', null, '{}', '{}');"
		       "select probe.pool('tenant', 0, null, null);"
		       "update berth.pool set project = (select id from berth.project) where name = 'tenant';"
		       "select count(*) from berth.allocate_many(array(select gen_random_uuid() from"
		       "  generate_series(1, 1000)), 'tenant', 'x', null, null, 0, '{}', null, 'o/p');"
		       "update berth.project set counted = true; update berth.organization set projects = 1;"
		       "select berth.project_delete(gen_random_uuid(), 'o/p', '', 0, null, '{}')",
		.what = "select berth.apply('w', 500) + berth.fan_out('w', 500) + (select done from "
			"berth.maintain('w', 5, 500, null))",
		.left = "select count(*) from berth.project where state <> 'destroyed'",
		.items = 1000,
		.each = 60}};

	all_read_little(*state, works, sizeof works / sizeof *works);
}

static void an_import_after_one_that_failed(void **state) {
	static const struct work works[] = {
	    {.before = "begin; select probe.import(5); rollback",
		.clean = "vacuum analyze berth.resource, berth.stripe, berth.pool, berth.label, berth.event",
		.what = "select probe.import(5)",
		.left = "select count(*) - 2000 from berth.resource where last = first + 5",
		.items = 2000,
		.each = 20},
	    {.before = "select",
		.what = "select probe.import(6)",
		.left = "select count(*) - 2000 from berth.resource where last - first in (5, 6)",
		.items = 2000,
		.each = 60}};

	all_read_little(*state, works, sizeof works / sizeof *works);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(single_releases),
	    cmocka_unit_test(single_releases_beside_others),
	    cmocka_unit_test(values_that_have_rested),
	    cmocka_unit_test(leases_whose_time_is_over),
	    cmocka_unit_test(those_who_wait),
	    cmocka_unit_test(what_is_forgotten),
	    cmocka_unit_test(a_bulk),
	    cmocka_unit_test(commands_on_resources),
	    cmocka_unit_test(hooks),
	    cmocka_unit_test(a_look_that_finds_nothing),
	    cmocka_unit_test(the_end_of_a_project),
	    cmocka_unit_test(an_import_after_one_that_failed),
	};

	return cmocka_run_group_tests_name("statistics", tests, open_scene, close_scene);
}
