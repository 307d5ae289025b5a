#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/base/clock.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/bench/stage.h"

/* Parts of PART allocations and releases, ROUND at a time, in a pool of SIZE values that stays half full. The
 * last WINDOW parts are compared with as many before them; in the first the indexes grow, since pages that a
 * vacuum has emptied are used again after the next one. */
enum { PARTS = 12, WINDOW = 4, PART = 5000, ROUND = 250, SIZE = 1000 };

/* The state of a pool and the queue after a part. */
struct state {
	double seconds; /* since the start */
	double stripes;
	double live; /* MB of the indexes on what is not over, and of the stripes */
	double past; /* MB of all else: it grows by what is remembered */
};

/* Half of the pool is held all the time; which values is random. Each step is a transaction. */
static const char procedures[] =
    "create function bench.release_some(most int) returns void language sql set enable_seqscan = off as $$"
    " insert into berth.command (action, kind, target, lane_kind, lane)"
    "  select 'release', 'lease', id, 'lease', id from (select id from berth.lease where state <> 'destroyed'"
    "  order by random() limit most) l $$;"
    "create procedure bench.churn(rounds int, size int) language plpgsql as $$"
    " declare n bigint;"
    " begin for i in 1..rounds loop"
    "  perform from berth.allocate_many(array(select gen_random_uuid() from generate_series(1, size)), "
    "'churn', 'bench',"
    "   null, null, 0, '{}');"
    "  commit;"
    "  perform bench.release_some(size);"
    "  commit;"
    "  loop n := berth.apply('churn', 500); exit when n = 0; commit; end loop;"
    " end loop; end $$";

static const char live[] = "select sum(pg_relation_size(c.oid)) / 1048576.0 from pg_class c where "
			   "c.relnamespace = 'berth'::regnamespace"
			   " and (c.relname in ('stripe', 'stripe_pkey', 'stripe_open', 'lease_held', "
			   "'lease_live', 'lease_pool', 'lease_holder',"
			   " 'command_due', 'command_open', 'command_lane_open'))";

static const char past[] = "select sum(pg_total_relation_size(c.oid)) / 1048576.0 from pg_class c"
			   " where c.relnamespace = 'berth'::regnamespace and c.relkind = 'r' and c.relname "
			   "~ '^(lease|command|event(_[0-9]+)?)$'";

/* The tables that autovacuum would vacuum now, by their own settings or the server's. Here it comes at once,
 * so that the result does not hang on its naps. */
static const char due[] =
    "select coalesce(string_agg(format('berth.%I', s.relname), ', '), '') from pg_stat_user_tables s"
    " join pg_class c on c.oid = s.relid"
    " cross join lateral (select max(option_value) filter (where option_name = "
    "'autovacuum_vacuum_scale_factor') as factor,"
    "  max(option_value) filter (where option_name = 'autovacuum_vacuum_threshold') as least"
    "  from pg_options_to_table(c.reloptions)) o"
    " where s.schemaname = 'berth' and s.n_dead_tup > coalesce(o.least::float8,"
    "  current_setting('autovacuum_vacuum_threshold')::float8)"
    "  + greatest(c.reltuples, 0) * coalesce(o.factor::float8, "
    "current_setting('autovacuum_vacuum_scale_factor')::float8)";

static void vacuum_due(struct stage *s) {
	const char *tables;

	stage_run(s, "select pg_stat_force_next_flush()");
	tables = stage_ask(s, "%s", due);
	if (tables[0] != '\0') {
		stage_run(s, "vacuum %s", tables);
	}
}

static double ask_number(struct stage *s, const char *sql) {
	return strtod(stage_ask(s, "%s", sql), NULL);
}

/* Returns the state after one more part. */
static struct state run_part(struct stage *s, double seconds) {
	int64_t began = clock_steady();
	struct state st;

	stage_run(s, "call bench.churn(%d, %d)", PART / ROUND, ROUND);
	st.seconds = seconds + (double)(clock_steady() - began) / TIME_SECOND;
	vacuum_due(s);
	st.stripes = ask_number(s, "select count(*) from berth.stripe");
	st.live = ask_number(s, live);
	st.past = ask_number(s, past);
	return st;
}

static void add(struct report *r, const char *name, const char *unit, double end, double beginning) {
	report_add(r, &(struct figure){name, end, unit, beginning, end / beginning, 1.2, WANTED_RATIO_MOST});
}

void measure_churn(struct report *r) {
	struct stage *s = stage_new();
	struct stage_pool pool = stage_pool_new(s, "churn", "number", "0-999");
	struct state states[PARTS];
	const struct state *end = &states[PARTS - 1];
	const struct state *middle = end - WINDOW;
	const struct state *beginning = middle - WINDOW;

	stage_run(s, "%s", procedures);
	stage_run(s, "select berth.worker_start('churn', 'bench', 1, 3600000000, false, now())");
	(void)stage_allocate(s, &pool, NULL, SIZE / 2);
	for (size_t i = 0; i < PARTS; i++) {
		states[i] = run_part(s, i == 0 ? 0 : states[i - 1].seconds);
	}
	add(r, "churn_time", "s", end->seconds - middle->seconds, middle->seconds - beginning->seconds);
	add(r, "churn_stripes", "", end->stripes, middle->stripes);
	add(r, "churn_live_mb", "MB", end->live, middle->live);
	add(r, "churn_past_mb", "MB", end->past - middle->past, middle->past - beginning->past);
	stage_check(s);
	stage_free(s);
}
