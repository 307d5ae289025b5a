/*
 * Orders of lists: each sort both ways, rows without a value last and equal ones in an order of their own;
 * pages that neither repeat nor lose a row while rows change; windows around a row; the bound of what is
 * sorted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "model/holder.h"
#include "model/lease.h"
#include "model/order.h"
#include "model/pool.h"
#include "model/project.h"
#include "model/queue.h"
#include "model/syntax/filter.h"
#include "model/syntax/label_list.h"
#include "tests/lib/client.h"
#include "tests/lib/database.h"
#include "tests/lib/place.h"
#include "tests/lib/work.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define MINUTE (60 * TIME_SECOND)
#define STABLE 24 /* leases that stay as they are while pages are read */

static struct id take(
    struct place *p, const char *pool, const char *holder, int64_t minutes, const char *labels) {
	struct allocate ask = client_ask(pool, id_new());

	ask.holder = holder;
	ask.duration = minutes * MINUTE;
	ask.labels = labels;
	client_allocate(p->conn, &ask);
	return ask.id;
}

/* Compares the names of the rows of step 0, which are texts at an offset, with words that blanks separate. */
static void names_are(
    const char *sort, bool reverse, const struct batch *b, size_t offset, const char *expected) {
	struct buf text = {0};

	for (size_t i = 0; i < batch_count(b, 0); i++) {
		const char *name =
		    *(const char *const *)(const void *)((const char *)batch_row(b, 0, i) + offset);

		buf_printf(&text, "%s%s", i == 0 ? "" : " ", *name == '\0' ? "-" : name);
	}
	if (strcmp(buf_text(&text), expected) != 0) {
		fail_msg("%s%s: %s, expected %s", sort, reverse ? " reverse" : "", buf_text(&text), expected);
	}
	buf_release(&text);
}

/* --- leases --- */

static void leases_go_both_ways(void **state) {
	static const char *const expected[][2] = {[LEASE_BY_BIRTH] = {"- dd bb aa cc", "cc aa bb dd -"},
	    [LEASE_BY_STATE] = {"dd - bb aa cc", "- bb aa cc dd"},
	    [LEASE_BY_VALUE] = {"bb aa cc dd -", "- dd cc aa bb"},
	    [LEASE_BY_HOLDER] = {"aa bb cc dd -", "dd cc bb aa -"},
	    [LEASE_BY_HELD] = {"cc aa bb dd -", "- dd bb aa cc"},
	    [LEASE_BY_EXPIRES] = {"dd - cc bb aa", "bb cc - dd aa"},
	    [LEASE_BY_POOL] = {"- dd cc aa bb", "bb aa - dd cc"},
	    [LEASE_BY_PROJECT] = {"aa - dd bb cc", "aa - dd bb cc"},
	    [LEASE_BY_LABELS] = {"bb aa - dd cc", "aa bb - dd cc"}};
	static const int64_t patience[] = {0, 10 * TIME_SECOND};
	struct place *p = *state;

	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	client_pool(p->conn, "b", KIND_IPV4, "10.0.0.0/28");
	client_pool(p->conn, "h", KIND_HOST, "h1:4");
	take(p, "a", "cc", 300, NULL);
	take(p, "b", "aa", 0, "{\"env\": \"prod\"}");
	take(p, "h", "bb", 540, "{\"app\": \"x\"}");
	take(p, "a", "dd", 30, NULL);
	take(p, "a", "", 120, NULL);
	database_run(p->database,
	    "select berth.org_create(gen_random_uuid(), 'acme', null, '{}');"
	    "select berth.project_create(gen_random_uuid(), 'acme/web', null, '{}', '{}');"
	    "update berth.lease set project = (select id from berth.project) where holder = 'aa'");
	for (size_t i = 0; i < COUNT(expected) * 4; i++) {
		struct order order = {.reverse = i % 2 != 0};
		struct lease_ask ask = {
		    .sort = (enum lease_sort)(i / 4), .order = &order, .patience = patience[i / 2 % 2]};
		struct batch *b = batch_new(BATCH_READ);

		(void)lease_list_add(b, &ask);
		client_run(p->conn, b);
		names_are(lease_sort_names[ask.sort], order.reverse, b, offsetof(struct lease, holder),
		    expected[ask.sort][order.reverse ? 1 : 0]);
		batch_free(b);
	}
}

/* In a pool, an index has the orders of holders and values. */
static void a_pools_leases_go_both_ways(void **state) {
	static const struct {
		enum lease_sort sort;
		bool reverse;
		const char *expected;
	} cases[] = {{LEASE_BY_HOLDER, false, "cc dd -"}, {LEASE_BY_HOLDER, true, "dd cc -"},
	    {LEASE_BY_VALUE, false, "cc dd -"}, {LEASE_BY_VALUE, true, "- dd cc"},
	    {LEASE_BY_EXPIRES, false, "dd - cc"}, {LEASE_BY_EXPIRES, true, "cc - dd"}};
	struct place *p = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct order order = {.reverse = cases[i].reverse};
		struct lease_ask ask = {
		    .pool = "a", .sort = cases[i].sort, .order = &order, .patience = 10 * TIME_SECOND};
		struct batch *b = batch_new(BATCH_READ);

		(void)lease_list_add(b, &ask);
		client_run(p->conn, b);
		names_are(lease_sort_names[ask.sort], order.reverse, b, offsetof(struct lease, holder),
		    cases[i].expected);
		batch_free(b);
	}
}

/* --- the queue --- */

static void commands_go_both_ways(void **state) {
	static const char *const expected[][2] = {[QUEUE_BY_BIRTH] = {"h g f e d c b a", "a b c d e f g h"},
	    [QUEUE_BY_URGENCY] = {"a d g b h c f e", "f e h b g c d a"},
	    [QUEUE_BY_STATE] = {"a h g c b e d f", "f d e h g c b a"},
	    [QUEUE_BY_ACTION] = {"b h g f e d c a", "h g f e d c a b"},
	    [QUEUE_BY_TARGET] = {"h g f e d c b a", "a b c d e f g h"},
	    [QUEUE_BY_AUTHOR] = {"a b c d e f g h", "h g f e d c b a"},
	    [QUEUE_BY_LAG] = {"a g b d h f e c", "f e h d b g a c"},
	    [QUEUE_BY_TRIES] = {"a c h g f e d b", "h g f e d b c a"},
	    [QUEUE_BY_NEXT] = {"g b h c f e d a", "c h b g f e d a"},
	    [QUEUE_BY_OUTCOME] = {"e d a h g f c b", "d e a h g f c b"}};
	struct place *p = *state;

	client_pool(p->conn, "q", KIND_NUMBER, "1001-1008");
	for (int i = 0; i < 8; i++) {
		take(p, "q", "", 0, NULL);
	}
	database_run(p->database,
	    "insert into berth.command (action, kind, target, lane_kind, lane, author, reason, state, "
	    "outcome,"
	    " attempts, created, not_before, explanation, consumed_at)"
	    " select n.action, 'lease', l.id, 'lease', l.id, n.author, '', n.state, n.outcome, n.attempts,"
	    "  now() - n.age * interval '1 minute',"
	    "  case when n.later then now() + interval '1 hour' else '-infinity' end, n.explanation,"
	    "  case when n.ended is not null then now() - n.ended * interval '1 minute' end"
	    " from (values (1, 'a', 'release', 'quarantined', null, 5, 60, false, 'exit 7', null::int),"
	    "  (2, 'b', 'extend', 'queued', null, 0, 50, false, null, null),"
	    "  (3, 'c', 'release', 'queued', null, 1, 40, true, null, null),"
	    "  (4, 'd', 'release', 'done', 'failed', 0, 30, false, null, 10),"
	    "  (5, 'e', 'release', 'done', 'applied', 0, 20, false, null, 19),"
	    "  (6, 'f', 'release', 'cancelled', null, 0, 15, false, null, 14),"
	    "  (7, 'g', 'release', 'queued', null, 0, 55, false, null, null),"
	    "  (8, 'h', 'release', 'queued', null, 0, 5, false, null, null)) n"
	    "  (n, author, action, state, outcome, attempts, age, later, explanation, ended)"
	    " join (select l.id, row_number() over (order by l.value desc) as n from berth.lease l"
	    "  join berth.pool p on p.id = l.pool where p.name = 'q') l using (n) order by n.n");
	for (size_t i = 0; i < COUNT(expected) * 4; i++) {
		struct order order = {.reverse = i % 2 != 0};
		struct queue_ask ask = {.states = QUEUE_ALL,
		    .sort = (enum queue_sort)(i / 4),
		    .order = &order,
		    .patience = i / 2 % 2 == 0 ? 0 : 10 * TIME_SECOND};
		struct batch *b = batch_new(BATCH_READ);

		(void)queue_list_add(b, &ask);
		client_run(p->conn, b);
		names_are(queue_sort_names[ask.sort], order.reverse, b, offsetof(struct command, author),
		    expected[ask.sort][order.reverse ? 1 : 0]);
		batch_free(b);
	}
}

/* --- pools, projects and holders --- */

static void pools_go_both_ways(void **state) {
	static const char *const expected[][2] = {[POOL_BY_NAME] = {"pa pb pc", "pc pb pa"},
	    [POOL_BY_FREE] = {"pc pa pb", "pb pa pc"},
	    [POOL_BY_PERCENT] = {"pc pa pb", "pb pa pc"},
	    [POOL_BY_RUNS_OUT] = {"pc pa pb", "pc pa pb"},
	    [POOL_BY_KIND] = {"pc pa pb", "pa pb pc"},
	    [POOL_BY_SPACE] = {"pa pb pc", "pc pb pa"},
	    [POOL_BY_STATE] = {"pc pa pb", "pa pb pc"},
	    [POOL_BY_WAITING] = {"pc pa pb", "pa pb pc"},
	    [POOL_BY_SIZE] = {"pb pa pc", "pc pa pb"},
	    [POOL_BY_GROWTH] = {"pa pb pc", "pa pb pc"}};
	struct place *p = place_new();

	(void)state;
	client_pool(p->conn, "pa", KIND_NUMBER, "1-10");
	client_pool(p->conn, "pb", KIND_NUMBER, "11-110");
	client_pool(p->conn, "pc", KIND_IPV4, "10.0.0.0/30");
	for (int i = 0; i < 9; i++) {
		take(p, i < 5 ? "pa" : "pc", "", 0, NULL);
	}
	(void)work_pending(p->database, "pc", 0, 10);
	database_run(p->database, "update berth.pool set waiting = 1 where name = 'pc'");
	for (size_t i = 0; i < COUNT(expected) * 2; i++) {
		struct order order = {.reverse = i % 2 != 0};
		struct pool_ask ask = {.sort = (enum pool_sort)(i / 2), .order = &order};
		struct batch *b = batch_new(BATCH_READ);

		(void)pool_list_add(b, &ask);
		client_run(p->conn, b);
		names_are(pool_sort_names[ask.sort], order.reverse, b, offsetof(struct pool, name),
		    expected[ask.sort][i % 2]);
		batch_free(b);
	}
	place_close((void **)&p);
}

static void make_many_pools(struct place *p) {
	database_run(p->database, "create or replace function berth.many_pools() returns int"
				  " language sql immutable parallel safe return 0");
}

/* Returns the names of a window of pools. */
static char *window(
    struct place *p, enum pool_sort sort, const struct order *order, int64_t skip, const char *filter) {
	struct row_filter read = {0};
	struct pool_ask ask = {.sort = sort, .order = order, .offset = skip, .limit = 4, .filter = &read};
	struct batch *b = batch_new(BATCH_READ);
	struct buf names = {0};
	struct err err = {0};

	assert_true(row_filter_parse(filter, FILTER_POOLS, &read, &err));
	(void)pool_list_add(b, &ask);
	(void)sorted_report_add(b);
	client_run(p->conn, b);
	for (size_t i = 0; i < batch_count(b, 0); i++) {
		buf_printf(&names, "%s ", ((const struct pool *)batch_row(b, 0, i))->name);
	}
	buf_printf(&names, "from %lld", (long long)((const struct sorting *)batch_row(b, 1, 0))->start);
	batch_free(b);
	row_filter_release(&read);
	return buf_take(&names);
}

static void windows_agree(
    struct place *p, struct place *sampled, const char *filter, const struct order *order) {
	for (int i = 0; i < (POOL_BY_GROWTH + 1) * 3; i++) {
		enum pool_sort sort = (enum pool_sort)(i / 3);
		char *now = window(p, sort, order, 3 * (i % 3), filter);
		char *then = window(sampled, sort, order, 3 * (i % 3), filter);

		if (strcmp(now, then) != 0) {
			fail_msg("%s, /%s, from %d: %s, by samples %s", pool_sort_names[sort], filter,
			    3 * (i % 3), now, then);
		}
		free(now);
		free(then);
	}
}

/* Very many pools are sorted and filtered by their latest samples, which is the same while nothing changes.
 */
static void samples_order_like_the_rows(void **state) {
	static const char *const filters[] = {"", "free<5", "used%>=50", "status=full", "web", "!web",
	    "env=prod", "kind=ipv4", "runs-out<1h", "waiting>0", "nosuch"};
	struct place *p = place_new(), *sampled = mem_new(1, sizeof *sampled);
	struct worker_self w = work_start(p->conn, "w");
	char *last;

	(void)state;
	for (int i = 0; i < 9; i++) {
		char *name = mem_print("%s%d", i % 2 == 0 ? "web" : "db", i);
		char *range = mem_print("%d-%d", 1000 * i, 1000 * i + 9);

		client_pool(p->conn, name, KIND_NUMBER, range);
		for (int k = 0; k < (i * 7) % 11; k++) {
			take(p, name, "", 0, NULL);
		}
		free(name);
		free(range);
	}
	client_pool(p->conn, "slots", KIND_IPV4, "10.0.0.0/30");
	database_run(p->database,
	    "update berth.pool set waiting = 1 where name = 'db3';"
	    "insert into berth.label (kind, target, prefix, name, value) select 'pool', id, '', 'env', 'prod'"
	    " from berth.pool where name in ('db1', 'web8');"
	    "update berth.sampling set taken = now() - interval '10 minutes'");
	(void)work_maintain(p->conn, &w);
	database_run(p->database,
	    "update berth.forecast f set per_day = case p.name when 'web2' then 4 when 'db5' then 9 end, "
	    "slack = 0,"
	    " level = f.used, above = 0, below = 0, slowest = 1, fastest = 20, span = '7 days', made = now()"
	    " from berth.pool p where p.id = f.pool and p.name in ('web2', 'db5')");
	conn_free(p->conn);
	*sampled = (struct place){.database = database_copy(p->database)};
	p->conn = client_new(database_values(p->database));
	sampled->conn = client_new(database_values(sampled->database));
	make_many_pools(sampled);
	for (size_t i = 0; i < COUNT(filters); i++) {
		windows_agree(p, sampled, filters[i], &(struct order){.counts = true});
		windows_agree(p, sampled, filters[i], &(struct order){.reverse = true});
	}
	last = mem_text(database_ask(p->database, "select id from berth.pool where name = 'web8'"));
	windows_agree(p, sampled, "", &(struct order){.keep = last, .before = 1});
	free(last);
	database_run(p->database, "update berth.pool set waiting = 0");
	database_run(sampled->database, "update berth.pool set waiting = 0");
	place_close((void **)&p);
	place_close((void **)&sampled);
}

/* Asks for the first pool, which shows what is used now. */
static void first_is_sampled(struct place *p, bool expected, const char *used) {
	struct batch *b = batch_new(BATCH_READ);

	(void)pool_list_add(b, &(struct pool_ask){.order = &(struct order){0}, .limit = 1});
	(void)sorted_report_add(b);
	client_run(p->conn, b);
	assert_int_equal(((const struct sorting *)batch_row(b, 1, 0))->sampled != TIME_NONE, expected);
	assert_string_equal(((const struct pool *)batch_row(b, 0, 0))->used.digits, used);
	batch_free(b);
}

/* A pool that has changed since the sample is shown as it is now; one that matches no more is left out. */
static void samples_are_told(void **state) {
	struct place *p = place_new();
	struct worker_self w = work_start(p->conn, "w");
	struct batch *b = batch_new(BATCH_READ);
	char *names;

	(void)state;
	make_many_pools(p);
	client_pool(p->conn, "a", KIND_NUMBER, "1-4");
	client_pool(p->conn, "b", KIND_NUMBER, "11-14");
	for (int i = 0; i < 6; i++) {
		char *name = mem_print("0%d", i);
		char *range = mem_print("%d-%d", 100 + i * 10, 103 + i * 10);

		client_pool(p->conn, name, KIND_NUMBER, range);
		free(name);
		free(range);
	}
	first_is_sampled(p, false, "0");
	database_run(p->database, "update berth.sampling set taken = now() - interval '10 minutes'");
	(void)work_maintain(p->conn, &w);
	client_pool(p->conn, "c", KIND_NUMBER, "21-24");
	for (int i = 0; i < 3; i++) {
		take(p, "b", "", 0, NULL);
		take(p, "c", "", 0, NULL);
	}
	names = window(p, POOL_BY_PERCENT, &(struct order){0}, 0, "");
	assert_string_equal(names, "c 00 01 02 from 0"); /* a new pool has no sample yet */
	free(names);
	for (int i = 0; i < 6; i++) {
		char *name = mem_print("0%d", i);

		take(p, name, "", 0, NULL);
		free(name);
	}
	/* Six pools that match no more come before it. */
	names = window(p, POOL_BY_NAME, &(struct order){0}, 0, "used=0");
	assert_string_equal(names, "a from 0");
	free(names);
	(void)pool_list_add(b, &(struct pool_ask){.sort = POOL_BY_PERCENT, .order = &(struct order){0}});
	(void)sorted_report_add(b);
	client_run(p->conn, b);
	names_are("all, as they are now", false, b, offsetof(struct pool, name), "b c 00 01 02 03 04 05 a");
	assert_true(((const struct sorting *)batch_row(b, 1, 0))->sampled == TIME_NONE);
	batch_free(b);
	first_is_sampled(p, true, "1");
	place_close((void **)&p);
}

static void projects_go_both_ways(void **state) {
	static const char *const expected[][2] = {[PROJECT_BY_PERCENT] = {"zero half free", "half zero free"},
	    [PROJECT_BY_NAME] = {"free half zero", "zero half free"},
	    [PROJECT_BY_STATE] = {"zero free half", "free half zero"},
	    [PROJECT_BY_LEASES] = {"free half zero", "zero half free"},
	    [PROJECT_BY_LIMIT] = {"half zero free", "zero half free"},
	    [PROJECT_BY_POOLS] = {"zero free half", "zero free half"},
	    [PROJECT_BY_LABELS] = {"free zero half", "zero free half"}};
	struct place *p = place_new();

	(void)state;
	client_pool(p->conn, "many", KIND_NUMBER, "1-100");
	database_run(p->database,
	    "select berth.org_create(gen_random_uuid(), 'acme', null, '{}');"
	    "select berth.project_create(gen_random_uuid(), 'acme/free', null, '{}', '{}');"
	    "select berth.project_create(gen_random_uuid(), 'acme/half', 10, '{}', '{}');"
	    "select berth.project_create(gen_random_uuid(), 'acme/zero', 0, '{}', '{}');"
	    "select berth.allocate_many(array(select gen_random_uuid() from generate_series(1, 6)), 'many', "
	    "'',"
	    " null, null, 0, '{}', null, 'acme/free');"
	    "select berth.allocate_many(array(select gen_random_uuid() from generate_series(1, 5)), 'many', "
	    "'',"
	    " null, null, 0, '{}', null, 'acme/half');"
	    "update berth.project set state = 'deleting' where name = 'zero';"
	    "insert into berth.label (kind, target, prefix, name, value, seq)"
	    " select 'project', id, '', 'env', name, 1 from berth.project where name <> 'half';"
	    "update berth.pool set project = (select id from berth.project where name = 'zero')"
	    " where name = 'many'");
	for (size_t i = 0; i < COUNT(expected) * 2; i++) {
		struct order order = {.reverse = i % 2 != 0};
		struct project_ask ask = {.sort = (enum project_sort)(i / 2), .order = &order, .limit = 10};
		struct batch *b = batch_new(BATCH_READ);

		(void)project_page_add(b, &ask);
		client_run(p->conn, b);
		names_are(project_sort_names[ask.sort], order.reverse, b, offsetof(struct project, name),
		    expected[ask.sort][i % 2]);
		batch_free(b);
	}
	database_run(p->database, "update berth.project set state = 'active'; delete from berth.label;"
				  "update berth.pool set project = null");
	place_close((void **)&p);
}

static void holders_go_both_ways(void **state) {
	static const char *const expected[][2] = {[HOLDER_BY_LEASES] = {"ci etl -", "- etl ci"},
	    [HOLDER_BY_NAME] = {"- ci etl", "etl ci -"},
	    [HOLDER_BY_OLDEST] = {"ci etl -", "- etl ci"},
	    [HOLDER_BY_EXPIRY] = {"etl ci -", "ci etl -"},
	    [HOLDER_BY_IDLE] = {"etl - ci", "ci - etl"},
	    [HOLDER_BY_POOLS] = {"ci - etl", "etl - ci"}};
	struct place *p = place_new();

	(void)state;
	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	client_pool(p->conn, "b", KIND_NUMBER, "201-300");
	take(p, "a", "ci", 50, NULL);
	take(p, "b", "etl", 20, NULL);
	take(p, "b", "etl", 0, NULL);
	take(p, "b", "", 0, NULL);
	take(p, "a", "ci", 0, NULL);
	take(p, "a", "ci", 0, NULL);
	for (size_t i = 0; i < COUNT(expected) * 2; i++) {
		struct order order = {.reverse = i % 2 != 0};
		struct holder_ask ask = {.sort = (enum holder_sort)(i / 2), .order = &order};
		struct batch *b = batch_new(BATCH_READ);

		(void)holder_list_add(b, &ask);
		client_run(p->conn, b);
		if (ask.sort != HOLDER_BY_POOLS) {
			names_are(holder_sort_names[ask.sort], order.reverse, b,
			    offsetof(struct holder, holder), expected[ask.sort][i % 2]);
		} else {
			const struct holder *first = batch_row(b, 0, 0);

			assert_string_equal(first->pools, order.reverse ? "[\"b\"]" : "[\"a\"]");
		}
		batch_free(b);
	}
	place_close((void **)&p);
}

/* --- pages --- */

struct pages {
	struct place *place;
	struct id stable[STABLE];
	int seen[STABLE];
	unsigned changes;
};

/* Adds a lease, ends one of those that are added, and changes the order of the others that are. */
static void change(struct pages *pages) {
	struct buf sql = {0};
	char holder[16];

	pages->changes++;
	(void)snprintf(holder, sizeof holder, "x%u", pages->changes * 7 % 23);
	(void)take(pages->place, "pages", holder, 10 + pages->changes * 7 % 30, NULL);
	buf_printf(&sql,
	    "update berth.lease set holder = 'y' || seq %% 5, until = until + interval '7 minutes'"
	    " where holder like 'x%%' and seq %% 3 = %u",
	    pages->changes % 3);
	database_run(pages->place->database, buf_text(&sql));
	buf_release(&sql);
}

/* Reads the next page, and notes its last row in `after`; false at the end. */
static bool next_page(struct pages *pages, struct lease_ask *ask, struct order *order, struct buf *after) {
	struct batch *b = batch_new(BATCH_READ);
	size_t count;

	order->after = after->len == 0 ? NULL : buf_text(after);
	ask->order = order;
	(void)lease_list_add(b, ask);
	client_run(pages->place->conn, b);
	count = batch_count(b, 0);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < STABLE; k++) {
			pages->seen[k] +=
			    id_equal(((const struct lease *)batch_row(b, 0, i))->id, pages->stable[k]);
		}
	}
	if (count > 0) {
		buf_cut(after, 0);
		order_row(&row_lease, batch_row(b, 0, count - 1), after);
	}
	batch_free(b);
	return count > 0;
}

static void no_page_repeats_or_loses_a_row(void **state) {
	struct place *p = place_new();
	struct pages pages = {.place = p};

	(void)state;
	client_pool(p->conn, "pages", KIND_NUMBER, "1-2000");
	client_pool(p->conn, "waits", KIND_NUMBER, "3000");
	for (unsigned i = 0; i < STABLE; i++) {
		char holder[16];

		(void)snprintf(holder, sizeof holder, "h%u", i % 5);
		pages.stable[i] =
		    i % 6 == 5 ? work_pending(p->database, "waits", 0, (int)i)
			       : take(p, "pages", i % 7 == 0 ? "" : holder, i % 4 == 0 ? 0 : 20 + i, NULL);
	}
	for (int way = 0; way < 2 * LEASE_BY_LABELS; way++) {
		struct lease_ask ask = {.sort = (enum lease_sort)(1 + way / 2), .limit = 5};
		struct order order = {.reverse = way % 2 != 0};
		struct buf after = {0};

		memset(pages.seen, 0, sizeof pages.seen);
		while (next_page(&pages, &ask, &order, &after)) {
			if (pages.changes < 200) {
				change(&pages);
			}
		}
		for (size_t k = 0; k < STABLE; k++) {
			if (pages.seen[k] != 1) {
				fail_msg("by %s, reverse %d: lease %zu was shown %d times",
				    lease_sort_names[ask.sort], order.reverse, k, pages.seen[k]);
			}
		}
		buf_release(&after);
	}
	place_close((void **)&p);
}

/* A window around a row says where it begins, in each order. */
static void a_row_is_kept(void **state) {
	struct place *p = place_new();
	struct id ids[9];

	(void)state;
	client_pool(p->conn, "a", KIND_NUMBER, "1-100");
	for (unsigned i = 0; i < COUNT(ids); i++) {
		ids[i] = take(p, "a", (const char[]){(char)('a' + i), '\0'}, 0, NULL);
	}
	for (int way = 0; way < 2; way++) {
		char keep[ID_TEXT];
		struct order order = {.reverse = way != 0, .keep = id_text(ids[6], keep), .before = 2};
		struct lease_ask ask = {
		    .sort = LEASE_BY_HOLDER, .order = &order, .limit = 4, .patience = 10 * TIME_SECOND};
		struct batch *b = batch_new(BATCH_READ);
		size_t report;

		(void)lease_list_add(b, &ask);
		report = sorted_report_add(b);
		client_run(p->conn, b);
		assert_int_equal(((const struct sorting *)batch_row(b, report, 0))->start, way == 0 ? 4 : 0);
		assert_int_equal(((const struct sorting *)batch_row(b, report, 0))->total, 9);
		assert_false(((const struct sorting *)batch_row(b, report, 0))->cut);
		names_are("holder", order.reverse, b, offsetof(struct lease, holder),
		    way == 0 ? "e f g h" : "i h g f");
		batch_free(b);
	}
	place_close((void **)&p);
}

/* Of more than 10,000 leases the first ones of an index are sorted, else the newest; and it is told. */
static void sorting_is_bounded(void **state) {
	static const struct {
		enum lease_sort sort;
		bool reverse;
		const char *pool;
		const char *first;
	} cases[] = {{LEASE_BY_EXPIRES, false, NULL, "soon"}, {LEASE_BY_HOLDER, false, "a", "aaa"},
	    {LEASE_BY_VALUE, false, "a", "aaa"}, {LEASE_BY_HELD, false, NULL, "aaa"},
	    {LEASE_BY_HOLDER, true, NULL, "zz"}};
	struct place *p = place_new();

	(void)state;
	client_pool(p->conn, "a", KIND_NUMBER, "1-20000");
	take(p, "a", "aaa", 100, NULL);
	take(p, "a", "soon", 1, NULL);
	database_run(p->database, "select berth.allocate_many(array(select gen_random_uuid() from "
				  "generate_series(1, 10000)), 'a', 'many',"
				  " null, 1000000000000, 0, '{}', null, null)");
	take(p, "a", "zz", 0, NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct order order = {.reverse = cases[i].reverse};
		struct lease_ask ask = {.pool = cases[i].pool,
		    .sort = cases[i].sort,
		    .order = &order,
		    .limit = 1,
		    .patience = 10 * TIME_SECOND};
		struct batch *b = batch_new(BATCH_READ);
		size_t report;

		(void)lease_list_add(b, &ask);
		report = sorted_report_add(b);
		client_run(p->conn, b);
		names_are(lease_sort_names[ask.sort], order.reverse, b, offsetof(struct lease, holder),
		    cases[i].first);
		assert_int_equal(((const struct sorting *)batch_row(b, report, 0))->total, 10000);
		assert_true(((const struct sorting *)batch_row(b, report, 0))->cut);
		batch_free(b);
	}
	place_close((void **)&p);
}

/* A search among the targets of a label stops when its time is over, and goes on from there to the end. */
static void a_search_of_targets_is_bounded(void **state) {
	struct place *p = place_new();
	struct row_filter filter = row_filter_word("nothing");
	struct label_ask ask = {.filter = &filter, .limit = 10, .patience = 1};
	int64_t looked = 0;
	int steps = 0;

	(void)state;
	client_pool(p->conn, "a", KIND_NUMBER, "1-2000");
	database_run(p->database, "select berth.allocate_many(array(select gen_random_uuid() from "
				  "generate_series(1, 1500)), 'a', 'x',"
				  " null, null, 0, '{}', null, null);"
				  "insert into berth.label (kind, target, prefix, name, value, seq)"
				  " select 'lease', id, '', 'env', 'prod', seq from berth.lease");
	do {
		struct batch *b = batch_new(BATCH_READ);
		const struct search *search;
		size_t report;

		(void)label_targets_add(b, "env", "prod", &ask);
		report = label_target_search_add(b, "env", "prod", &ask);
		client_run(p->conn, b);
		assert_int_equal(batch_count(b, 0), 0);
		search = batch_row(b, report, 0);
		assert_int_equal(search->rows, 1500);
		looked += search->looked;
		ask.after = search->reach;
		batch_free(b);
		steps++;
	} while (ask.after != 0);
	row_filter_release(&filter);
	assert_int_equal(looked, 1500);
	assert_true(steps > 1);
	database_run(p->database, "delete from berth.label");
	place_close((void **)&p);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(leases_go_both_ways),
	    cmocka_unit_test(a_pools_leases_go_both_ways),
	    cmocka_unit_test(commands_go_both_ways),
	    cmocka_unit_test(samples_order_like_the_rows),
	    cmocka_unit_test(samples_are_told),
	    cmocka_unit_test(pools_go_both_ways),
	    cmocka_unit_test(projects_go_both_ways),
	    cmocka_unit_test(holders_go_both_ways),
	    cmocka_unit_test(no_page_repeats_or_loses_a_row),
	    cmocka_unit_test(a_row_is_kept),
	    cmocka_unit_test(sorting_is_bounded),
	    cmocka_unit_test(a_search_of_targets_is_bounded),
	};

	return cmocka_run_group_tests(tests, place_open, place_close);
}
