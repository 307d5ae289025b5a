/*
 * Filters on the server: each term against the rows themselves, words, labels and inversion together, windows
 * in both directions, and a search that stops early and goes on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "model/order.h"
#include "model/lease.h"
#include "model/pool.h"
#include "model/queue.h"
#include "model/syntax/filter.h"
#include "model/syntax/selector.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { LEASES = 12000 };

/* Leases of three pools in every state, with ends, holders and labels that depend on their number. */
static void fill(struct place *place) {
	client_pool(place->conn, "numbers", KIND_NUMBER, "1-30000");
	client_pool(place->conn, "edge", KIND_IPV4, "10.0.0.0/24");
	client_pool(place->conn, "hosts", KIND_HOST, "Rack-7:300");
	database_run(place->database,
	    "insert into berth.lease (id, pool, resource, value, state, holder, priority, until, created, "
	    "acquired)"
	    " select gen_random_uuid(), r.pool, r.id, v, (array['active', 'active', 'acquired', 'broken',"
	    "  'released'])[1 + n % 5], 'h ' || n % 97, n % 3,"
	    "  case when n % 7 > 0 then now() + (n % 7 - 1) * interval '20 minutes' end,"
	    "  now() - interval '50 days', now() - (n % 40) * interval '1 day'"
	    " from generate_series(1, 12000) n"
	    " join berth.pool p on p.name = case when n % 100 = 1 then 'edge' when n % 100 = 2 then 'hosts' "
	    "else "
	    "'numbers' end"
	    " join berth.resource r on r.pool = p.id"
	    " cross join lateral (select case p.name when 'numbers' then n when 'edge' then 167772160 + n / "
	    "100"
	    "  else n / 100 + 1 end) w (v) where r.state <> 'destroyed'");
	database_run(place->database,
	    "insert into berth.label (kind, target, prefix, name, value, seq) select 'lease', l.id, '', "
	    "k.name, "
	    "k.value,"
	    " l.seq from berth.lease l, lateral (values ('env', (array['prod', 'test'])[1 + l.seq % 2]),"
	    " ('n', (l.seq % 11)::text), ('serial', l.seq::text)) k (name, value) where l.seq % 3 > 0");
	database_run(place->database, "analyze berth.lease; analyze berth.label");
}

static int open_leases(void **state) {
	struct place *place = place_new();

	*state = place;
	fill(place);
	return 0;
}

/* The leases were not allocated, so the pools do not count them, and doctor would complain. */
static int close_leases(void **state) {
	struct place *place = *state;

	conn_free(place->conn);
	database_drop(place->database);
	free(place);
	return 0;
}

static struct row_filter read_filter(const char *text, enum filter_rows rows) {
	struct row_filter filter = {0};
	struct err err = {0};

	if (!row_filter_parse(text, rows, &filter, &err)) {
		fail_msg("%s: %s", text, err.message);
	}
	return filter;
}

/* Reads all matches in windows, which go on where a search has stopped, and checks that their order and
 * number are right. `stops` counts the searches that stopped. */
static int64_t count_leases(struct place *place, struct lease_ask ask, int64_t *stops) {
	int64_t count = 0;
	int64_t reach = 1;

	while (reach != 0) {
		struct batch *b = batch_new(BATCH_READ);
		const struct search *search;
		size_t got;

		lease_list_add(b, &ask);
		lease_search_add(b, &ask);
		client_run(place->conn, b);
		got = batch_count(b, 0);
		search = batch_row(b, 1, 0);
		for (size_t i = 0; i < got; i++) {
			const struct lease *lease = batch_row(b, 0, i);

			assert_true(ask.after == 0 || lease->seq < ask.after);
			ask.after = lease->seq;
			count++;
		}
		reach = (int64_t)got == ask.limit ? ask.after : search->reach;
		*stops += search->reach != 0 ? 1 : 0;
		ask.after = reach;
		batch_free(b);
	}
	return count;
}

static int64_t expected_count(struct place *place, const char *condition) {
	char *sql = mem_print("select count(*) from berth.lease l join berth.pool p on p.id = l.pool"
			      " left join berth.resource r on r.id = l.resource where %s",
	    condition);
	int64_t count = strtoll(database_ask(place->database, sql), NULL, 10);

	free(sql);
	return count;
}

static const struct {
	const char *filter;
	const char *condition;
} cases[] = {
    {"state=broken", "l.state = 'broken'"},
    {"state=late", "l.state in ('acquired', 'active') and l.until <= now()"},
    {"state in (late,soon)", "l.state in ('acquired', 'active') and l.until < now() + interval '1 hour'"},
    {"state=released pool=edge", "l.state = 'released' and p.name = 'edge'"},
    {"state!=broken", "l.state <> 'broken'"},
    {"pool=edge", "p.name = 'edge'"},
    {"pool!=numbers kind!=host", "p.name = 'edge'"},
    {"pool in (edge,hosts,nothing)", "p.name in ('edge', 'hosts')"},
    {"pool>hosts", "p.name = 'numbers'"},
    {"pool=nothing", "false"},
    {"kind=host", "p.kind = 'host'"},
    {"holder=\"h 5\"", "l.holder = 'h 5'"},
    {"holder!=\"h 5\"", "l.holder <> 'h 5'"},
    {"holder>=\"h 9\"", "l.holder collate \"C\" >= 'h 9'"},
    {"project=", "true"},
    {"held>30d", "now() - l.acquired > interval '30 days'"},
    {"held<1d state=active", "now() - l.acquired < interval '1 day' and l.state = 'active'"},
    {"expires<30m", "l.until < now() + interval '30 minutes'"},
    {"expires>1h", "l.until > now() + interval '1 hour'"},
    {"expires=never", "l.until is null"},
    {"expires!=never", "l.until is not null"},
    {"expires<2001-01-01", "false"},
    {"priority>=2", "l.priority >= 2"},
    {"value=10.0.0.0/28", "p.kind = 'ipv4' and l.value < 167772176"},
    {"value!=10.0.0.0/28", "not (p.kind = 'ipv4' and l.value < 167772176)"},
    {"value>11000", "p.kind = 'number' and l.value > 11000"},
    {"value=rack-7:9", "r.host = 'Rack-7' and l.value = 9"},
    {"value=rack-7", "r.host = 'Rack-7'"},
    {"env=prod,n>5", "l.seq % 3 > 0 and l.seq % 2 = 0 and l.seq % 11 > 5"},
    {"env=prod n>=5 n<=6 state=active",
	"l.seq % 3 > 0 and l.seq % 2 = 0 and l.seq % 11 in (5, 6) and l.state = 'active'"},
    {"!env=prod", "not (l.seq % 3 > 0 and l.seq % 2 = 0)"},
    {"!env=prod state=broken", "not (l.seq % 3 > 0 and l.seq % 2 = 0 and l.state = 'broken')"},
    {"\"h 96\"", "l.holder = 'h 96'"},
    {"edge broken", "p.name = 'edge' and l.state = 'broken'"},
    {"ipv4", "p.kind = 'ipv4'"},
    {"late", "l.state in ('acquired', 'active') and l.until <= now()"},
    {"rack-7:20", "r.host = 'Rack-7' and l.value::text like '20%'"},
    {"prod", "l.seq % 3 > 0 and l.seq % 2 = 0"},
    {"serial", "l.seq % 3 > 0"},
    {"nosuchword", "false"},
    {"!nosuchword", "true"},
    {"!\"h 96\" edge", "not (l.holder = 'h 96' and p.name = 'edge')"},
};

static void terms_match(void **state) {
	struct place *place = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct row_filter filter = read_filter(cases[i].filter, FILTER_LEASES);
		int64_t expected = expected_count(place, cases[i].condition);
		int64_t stops = 0;
		int64_t got;

		got = count_leases(place, (struct lease_ask){.filter = &filter, .limit = 5000}, &stops);
		if (got != expected) {
			fail_msg("%s: %ld, not %ld", cases[i].filter, (long)got, (long)expected);
		}
		assert_int_equal(stops, 0);
		row_filter_release(&filter);
	}
}

/* A search without any patience stops at the end of each chunk, and finds the same when it goes on. */
static void a_search_goes_on(void **state) {
	static const char *const filters[] = {
	    "holder=\"h 5\"", "nosuchword", "prod n=1 state=broken", "!held<=38d", "pool=numbers \"h 3\""};
	struct place *place = *state;

	for (size_t i = 0; i < COUNT(filters); i++) {
		struct row_filter filter = read_filter(filters[i], FILTER_LEASES);
		int64_t stops = 0;
		int64_t all =
		    count_leases(place, (struct lease_ask){.filter = &filter, .limit = 5000}, &stops);
		int64_t got;

		assert_int_equal(stops, 0);
		got = count_leases(
		    place, (struct lease_ask){.filter = &filter, .limit = 200, .patience = 1}, &stops);
		assert_int_equal(got, all);
		assert_true(stops > 0);
		row_filter_release(&filter);
	}
}

/* A row that an index finds for a word is shown, also beyond the end of a search that stopped. */
static void known_leases_come_first(void **state) {
	struct place *place = *state;
	struct row_filter filter = {0};
	struct batch *b = batch_new(BATCH_READ);
	struct lease_ask ask = {.filter = &filter, .limit = 10, .patience = 1};
	char *oldest =
	    mem_text(database_ask(place->database, "select id from berth.lease order by seq limit 1"));

	filter = row_filter_word(oldest);
	lease_list_add(b, &ask);
	lease_search_add(b, &ask);
	client_run(place->conn, b);
	assert_int_equal(batch_count(b, 0), 1);
	assert_true(((const struct search *)batch_row(b, 1, 0))->reach > 0);
	batch_free(b);
	row_filter_release(&filter);
	free(oldest);
}

static struct search search_of(struct place *place, const char *text, const char *pool) {
	struct row_filter filter = read_filter(text, FILTER_LEASES);
	struct lease_ask ask = {.filter = &filter, .pool = pool, .limit = 10};
	struct batch *b = batch_new(BATCH_READ);
	struct search search;

	lease_list_add(b, &ask);
	lease_search_add(b, &ask);
	client_run(place->conn, b);
	search = *(const struct search *)batch_row(b, 1, 0);
	batch_free(b);
	row_filter_release(&filter);
	return search;
}

static void totals_are_exact_or_bounds(void **state) {
	struct place *place = *state;

	assert_int_equal(search_of(place, "", "edge").total, LEASES / 100);
	assert_false(search_of(place, "", "edge").more);
	assert_int_equal(search_of(place, "", NULL).total, 10000);
	assert_true(search_of(place, "", NULL).more);
	assert_int_equal(search_of(place, "state=broken", NULL).total, LEASES / 5);
	assert_false(search_of(place, "state=broken", NULL).more);
	assert_int_equal(search_of(place, "", NULL).rows, LEASES);
}

/* -l holds, whether the filter is inverted or not. */
static void a_selector_goes_with_a_filter(void **state) {
	struct place *place = *state;
	struct row_filter filter = read_filter("!state=broken", FILTER_LEASES);
	struct selector selector = {0};
	struct err err = {0};
	int64_t stops = 0;
	int64_t got;

	assert_true(selector_parse("env=prod", &selector, &err));
	got = count_leases(
	    place, (struct lease_ask){.filter = &filter, .selector = &selector, .limit = 5000}, &stops);
	assert_int_equal(
	    got, expected_count(place, "l.seq % 3 > 0 and l.seq % 2 = 0 and l.state <> 'broken'"));
	got = count_leases(place,
	    (struct lease_ask){
		.filter = &filter, .selector = &selector, .pool = "edge", .holder = "h 4", .limit = 5000},
	    &stops);
	assert_int_equal(
	    got, expected_count(place,
		     "l.seq % 3 > 0 and l.seq % 2 = 0 and l.state <> 'broken' and p.name = 'edge'"
		     " and l.holder = 'h 4'"));
	selector_release(&selector);
	row_filter_release(&filter);
}

/* --- pools --- */

static void pools_are(struct place *place, const char *text, const char *expected) {
	struct row_filter filter = read_filter(text, FILTER_POOLS);
	struct order order = {.counts = true};
	struct pool_ask ask = {.filter = &filter, .order = &order};
	struct batch *b = batch_new(BATCH_READ);
	struct buf names = {0};

	pool_list_add(b, &ask);
	sorted_report_add(b);
	client_run(place->conn, b);
	for (size_t i = 0; i < batch_count(b, 0); i++) {
		buf_printf(&names, "%s ", ((const struct pool *)batch_row(b, 0, i))->name);
	}
	if (strcmp(buf_text(&names), expected) != 0) {
		fail_msg("%s: %s, not %s", text, buf_text(&names), expected);
	}
	assert_int_equal(((const struct sorting *)batch_row(b, 1, 0))->total, batch_count(b, 0));
	buf_release(&names);
	batch_free(b);
	row_filter_release(&filter);
}

static void pools_match(void **state) {
	struct place *place = *state;

	pools_are(place, "", "edge hosts numbers ");
	pools_are(place, "kind=ipv4", "edge ");
	pools_are(place, "kind in (ipv4, host)", "edge hosts ");
	pools_are(place, "name!=edge", "hosts numbers ");
	pools_are(place, "size<257", "edge ");
	pools_are(place, "size>=300 size<=300", "hosts ");
	pools_are(place, "free>1000", "numbers ");
	pools_are(place, "used=0", "edge hosts numbers ");
	pools_are(place, "used%<1", "edge hosts numbers ");
	pools_are(place, "waiting>0", "");
	pools_are(place, "status=ok", "edge hosts numbers ");
	pools_are(place, "!status=full", "edge hosts numbers ");
	pools_are(place, "runs-out=never", "edge hosts numbers ");
	pools_are(place, "space=edge", "edge ");
	pools_are(place, "number", "numbers ");
	/* an address or a range finds the pool that contains it */
	pools_are(place, "10.0.0.77", "edge ");
	pools_are(place, "10.0.0.64/26", "edge ");
	pools_are(place, "10.0.0.0/16", "");
	pools_are(place, "29999", "numbers ");
	pools_are(place, "30001", "");
	pools_are(place, "rack-7:300", "hosts ");
	pools_are(place, "rack-7:301", "");
	pools_are(place, "rack-7", "hosts ");
	pools_are(place, "!10.0.0.77", "hosts numbers ");
}

/* --- the queue --- */

static int64_t count_commands(struct place *place, const char *text, unsigned states, int64_t patience) {
	struct row_filter filter = read_filter(text, FILTER_COMMANDS);
	struct queue_ask ask = {.filter = &filter, .states = states, .limit = 400, .patience = patience};
	int64_t reach = 1;
	int64_t count = 0;

	while (reach != 0) {
		struct batch *b = batch_new(BATCH_READ);
		size_t got;

		queue_list_add(b, &ask);
		queue_search_add(b, &ask);
		client_run(place->conn, b);
		got = batch_count(b, 0);
		count += (int64_t)got;
		reach = (int64_t)got == ask.limit ? ((const struct command *)batch_row(b, 0, got - 1))->seq
						  : ((const struct search *)batch_row(b, 1, 0))->reach;
		ask.after = reach;
		batch_free(b);
	}
	row_filter_release(&filter);
	return count;
}

static void commands_match(void **state) {
	struct place *place = *state;

	database_run(place->database,
	    "insert into berth.command (action, kind, target, lane_kind, lane, author, reason, state, "
	    "outcome, "
	    "attempts, created, explanation, consumed_at)"
	    " select case when n % 2 = 0 then 'release' else 'extend' end, 'lease', l.id, 'lease', l.id,"
	    "  'user' || n % 3, 'because', case when n % 10 = 0 then 'quarantined' when n % 10 < 5 then "
	    "'queued' "
	    "else 'done' end, case when n % 10 >= 5 then 'applied' end, n % 4, now() - n * interval '1 "
	    "minute',"
	    "  case when n % 10 = 0 then 'exit 7: no Route' end, case when n % 10 >= 5 then now() end"
	    " from (select l.id, row_number() over (order by l.seq) as n from berth.lease l limit 3000) l");
	assert_int_equal(count_commands(place, "state=stuck", 0, 0), 300);
	assert_int_equal(count_commands(place, "state=quarantined action=release", 0, 0), 300);
	assert_int_equal(count_commands(place, "action=extend", 0, 0), 600);
	assert_int_equal(count_commands(place, "action=extend", QUEUE_ALL, 0), 1500);
	assert_int_equal(count_commands(place, "error=\"no route\"", 0, 0), 300);
	assert_int_equal(count_commands(place, "tries>2", QUEUE_ALL, 0), 750);
	assert_int_equal(count_commands(place, "by=user1", QUEUE_ALL, 0), 1000);
	assert_int_equal(count_commands(place, "lag>10m state=queued", 0, 0), 1196);
	assert_int_equal(count_commands(place, "!state=stuck", 0, 0), 1200);
	assert_int_equal(count_commands(place, "applied", QUEUE_ALL, 0), 1500);
	assert_int_equal(count_commands(place, "target=edge", QUEUE_ALL, 0),
	    strtoll(database_ask(place->database,
			"select count(*) from berth.command c join berth.lease l on l.id = c.target"
			" join berth.pool p on p.id = l.pool where p.name = 'edge'"),
		NULL, 10));
	assert_int_equal(count_commands(place, "nosuchword", QUEUE_ALL, 1), 0);
	assert_int_equal(count_commands(place, "tries>2", QUEUE_ALL, 1), 750);
}

/* Checks the rows that one of the functions of resources, projects and alerts finds. */
static void finds(struct place *p, enum filter_rows rows, const char *text, const char *expected) {
	static const char *const questions[FILTER_ROWS] = {
	    [FILTER_RESOURCES] =
		"select coalesce(string_agg(v.name, ' ' order by v.name), '') from berth.resource_view v"
		" where v.id in (select berth.resources_matching('%s'))",
	    [FILTER_PROJECTS] =
		"select coalesce(string_agg(j.name, ' ' order by j.name), '') from berth.project j"
		" where j.id in (select berth.projects_matching('%s'))",
	    [FILTER_ALERTS] = "select coalesce(string_agg(a.target, ' ' order by a.rank), '')"
			      " from berth.alert_find(null, '%s') a"};
	struct row_filter filter = {0};
	struct err err = {0};
	struct buf question = {0};

	assert_true(row_filter_parse(text, rows, &filter, &err));
	for (const char *at = questions[rows]; *at != '\0'; at++) {
		if (strncmp(at, "%s", 2) == 0) {
			buf_puts(&question, filter.json);
			at++;
		} else {
			buf_char(&question, *at);
		}
	}
	assert_string_equal(database_ask(p->database, buf_text(&question)), expected);
	buf_release(&question);
	row_filter_release(&filter);
}

/* Resources, projects and alerts have the same language. */
static void other_rows_have_fields(void **state) {
	struct place *p = *state;

	client_pool(p->conn, "small", KIND_NUMBER, "900001-900010");
	client_pool(p->conn, "tiny", KIND_HOST, "node-1:1");
	database_run(p->database,
	    "update berth.resource set cordoned = true where name = '900001-900010';"
	    "update berth.stripe set usable = false, open = false where first = 900001;"
	    "insert into berth.label (kind, target, prefix, name, value)"
	    " select 'resource', id, '', 'rack', 'r1' from berth.resource where host = 'node-1';"
	    "insert into berth.organization (id, name, projects, max_projects) values"
	    " (gen_random_uuid(), 'acme', 2, 2), (gen_random_uuid(), 'beta', 1, null);"
	    "insert into berth.project (id, organization, name, counted, max_leases, leases)"
	    " select gen_random_uuid(), o.id, n.name, true, n.most, n.leases from berth.organization o"
	    " join (values ('acme', 'web', 10, 9), ('acme', 'db', 100, 9), ('beta', 'ci', null, 0))"
	    "  n (org, name, most, leases) on n.org = o.name");
	finds(p, FILTER_RESOURCES, "state=cordon", "900001-900010");
	finds(p, FILTER_RESOURCES, "free<20 pool in (small,tiny)", "900001-900010 node-1");
	finds(p, FILTER_RESOURCES, "kind=host size=1", "node-1");
	finds(p, FILTER_RESOURCES, "rack=r1", "node-1");
	finds(p, FILTER_RESOURCES, "used%<1 size<20 state!=cordon", "node-1");
	finds(p, FILTER_RESOURCES, "900004", "900001-900010");
	finds(p, FILTER_RESOURCES, "!size>9", "node-1");
	finds(p, FILTER_PROJECTS, "used%>=90", "web");
	finds(p, FILTER_PROJECTS, "org=acme leases>1 limit>50", "db");
	finds(p, FILTER_PROJECTS, "beta", "ci");
	finds(p, FILTER_PROJECTS, "!org=acme", "ci");
	finds(p, FILTER_PROJECTS, "state=closed", "");
	finds(p, FILTER_PROJECTS, "state=crit", "web");
	finds(p, FILTER_PROJECTS, "state in (OK,unused)", "ci db");
	finds(p, FILTER_PROJECTS, "unused", "ci");
	finds(p, FILTER_ALERTS, "kind=limit", "org/acme");
	finds(p, FILTER_ALERTS, "severity=warning acme", "org/acme");
	finds(p, FILTER_ALERTS, "kind=limit for>1h", "");
	finds(p, FILTER_ALERTS, "kind=BROKEN", "");
	database_run(p->database, "insert into berth.breach (part, key, name, kind, target, example) values"
				  " ('pool', '', 'room_is_free', 'index', gen_random_uuid(), 'one')");
	finds(p, FILTER_ALERTS, "kind=BROKEN", "index");
	finds(p, FILTER_ALERTS, "kind=invariant", "index");
	finds(p, FILTER_ALERTS, "broken one", "index");
	database_run(p->database, "delete from berth.breach");
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(terms_match),
	    cmocka_unit_test(a_search_goes_on),
	    cmocka_unit_test(known_leases_come_first),
	    cmocka_unit_test(totals_are_exact_or_bounds),
	    cmocka_unit_test(a_selector_goes_with_a_filter),
	    cmocka_unit_test(pools_match),
	    cmocka_unit_test(commands_match),
	    cmocka_unit_test(other_rows_have_fields),
	};

	return cmocka_run_group_tests_name("filter_sql", tests, open_leases, close_leases);
}
