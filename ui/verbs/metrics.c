#include "ui/verbs/verb.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/batch/batch.h"
#include "db/batch/rows.h"
#include "model/alert.h"
#include "model/dedupe.h"
#include "model/pool.h"
#include "model/queue.h"
#include "model/storage.h"
#include "model/text/json.h"
#include "model/worker.h"
#include "ui/cli/exposition.h"
#include "ui/cli/run.h"
#include "ui/text/field.h"
#include "ui/text/row.h"

enum { LABELS_MOST = 4, WORDS_MOST = 16, PERCENT = 100 };

/* The steps of the batch, in their order. */
enum subject { POOLS, QUEUE, WORKERS, RUNS, ALERTS, STORAGE };

/* A label, and the member of the row that is its value. */
struct row_label {
	const char *name;
	const char *member;
};

/* A sample of each row of a subject. Of entries that follow each other with the same name one family is made:
 * `part` is the label that tells them apart. */
struct gauge {
	enum subject subject;
	struct metric metric;
	const char *member; /* a number; a time becomes seconds since 1970, and has no sample while unknown */
	double per;         /* what the member is divided by, or 0 */
	struct metric_label part;
};

/* The number of rows of a subject with each of the words in a member. */
struct tally {
	enum subject subject;
	struct metric metric;
	const char *label;
	const char *member;
	const char *const *words;
};

static const struct row_label labels[][LABELS_MOST] = {
    [POOLS] = {{"pool", "name"}, {"space", "space"}, {"kind", "kind"}},
    [WORKERS] = {{"worker", "name"}},
    [STORAGE] = {{"table", "name"}},
};

static const struct row_type *const types[] = {
    [POOLS] = &row_pool,
    [QUEUE] = &row_queue_stats,
    [WORKERS] = &row_worker,
    [RUNS] = &row_dedupe_run,
    [ALERTS] = &row_alert,
    [STORAGE] = &row_storage,
};

#define COMMANDS "berth_commands", NULL, "Commands that have not ended."
#define LAST_MINUTE "berth_commands_last_minute", NULL, "Commands of the last minute."

static const struct gauge gauges[] = {
    {POOLS, {"berth_pool_capacity", NULL, "Values of the pool."}, "capacity"},
    {POOLS, {"berth_pool_used", NULL, "Values that leases have."}, "used"},
    {POOLS, {"berth_pool_free", NULL, "Values that can be given now."}, "free"},
    {POOLS,
	{"berth_pool_held_back", NULL, "Free values that are not given now: excluded, cordoned or resting."},
	"held_back"},
    {POOLS, {"berth_pool_excluded", NULL, "Values that a person has excluded, leased or not."}, "excluded"},
    {POOLS, {"berth_pool_used_ratio", "ratio", "Used of the capacity."}, "percent", PERCENT},
    {POOLS, {"berth_pool_warn_ratio", "ratio", "From this use on the pool is in state warning."}, "warn",
	PERCENT},
    {POOLS, {"berth_pool_crit_ratio", "ratio", "From this use on the pool is in state critical."}, "crit",
	PERCENT},
    {POOLS, {"berth_pool_waiting", NULL, "Requests that wait for a value."}, "pending"},
    {POOLS,
	{"berth_pool_runs_out_timestamp_seconds", "seconds",
	    "The time at which the pool is full by its trend. Absent without a trend."},
	"runs_out"},
    {QUEUE, {COMMANDS}, "queued", 0, {"state", "queued"}},
    {QUEUE, {COMMANDS}, "running", 0, {"state", "running"}},
    {QUEUE, {COMMANDS}, "quarantined", 0, {"state", "quarantined"}},
    {QUEUE, {LAST_MINUTE}, "arrived_last_minute", 0, {"step", "arrived"}},
    {QUEUE, {LAST_MINUTE}, "consumed_last_minute", 0, {"step", "consumed"}},
    {QUEUE, {LAST_MINUTE}, "applied_last_minute", 0, {"step", "applied"}},
    {QUEUE, {"berth_queue_lag_seconds", "seconds", "Age of the oldest command that is due and waits."},
	"oldest_seconds"},
    {QUEUE, {"berth_leases_overdue", NULL, "Leases that have ended and still have their value."}, "overdue"},
    {QUEUE, {"berth_workers_alive", NULL, "Workers whose heartbeat is on time."}, "workers_alive"},
    {WORKERS, {"berth_worker_alive", NULL, "1 while the worker's heartbeat is on time, else 0."}, "alive"},
    {WORKERS,
	{"berth_worker_heartbeat_timestamp_seconds", "seconds", "The time of the worker's last heartbeat."},
	"heartbeat"},
    {WORKERS, {"berth_worker_commands", NULL, "Commands that this process has consumed.", METRIC_COUNTER},
	"consumed"},
    {STORAGE, {"berth_table_rows", NULL, "Rows of the table, as the server estimates them."}, "rows"},
    {STORAGE, {"berth_table_size_bytes", "bytes", "Size of the table with its indexes."}, "bytes"},
};

static const char *const run_states[] = {"running", "done", "undoing", "undone", NULL};

static const struct tally tallies[] = {
    {POOLS, {"berth_pools", NULL, "Pools by state."}, "state", "status", pool_status_names},
    {RUNS, {"berth_dedupe_runs", NULL, "Runs of dedupe by state."}, "state", "state", run_states},
    {ALERTS, {"berth_alerts", NULL, "Alerts by kind."}, "kind", "kind", alert_kind_names},
};

/* Appends the member as a number, or nothing where it is not known. */
static void put_value(
    const struct gauge *gauge, const struct field *field, const void *row, struct buf *out) {
	const void *member = row_member(field, row);
	int64_t number = field->type == FIELD_INT || field->type == FIELD_TIME ? *(const int64_t *)member : 0;

	if (field->type == FIELD_BOOL) {
		buf_puts(out, *(const bool *)member ? "1" : "0");
	} else if (field->type == FIELD_TIME) {
		if (number != TIME_NONE) {
			json_real_text((double)number / TIME_SECOND, out);
		}
	} else if (gauge->per != 0) {
		json_real_text(
		    (field->type == FIELD_REAL ? *(const double *)member : (double)number) / gauge->per, out);
	} else {
		(void)field_exact(field, row, out);
	}
}

static void put_sample(struct exposition *e, const struct gauge *gauge, const void *row) {
	const struct row_type *type = types[gauge->subject];
	struct metric_label told[LABELS_MOST + 1];
	struct buf texts[LABELS_MOST] = {0}, value = {0};
	size_t n = 0;

	for (const struct row_label *label = labels[gauge->subject]; label->name != NULL; label++, n++) {
		(void)field_exact(row_field(type, label->member), row, &texts[n]);
		told[n] = (struct metric_label){label->name, buf_text(&texts[n])};
	}
	if (gauge->part.name != NULL) {
		told[n++] = gauge->part;
	}
	put_value(gauge, row_field(type, gauge->member), row, &value);
	if (value.len > 0) {
		exposition_sample(e, told, n, buf_text(&value));
	}
	buf_release(&value);
	for (size_t i = 0; i < LABELS_MOST; i++) {
		buf_release(&texts[i]);
	}
}

static void put_gauges(struct exposition *e, const struct run *run, const struct batch *b) {
	const char *before = "";

	for (const struct gauge *g = gauges; g < gauges + sizeof gauges / sizeof *gauges; g++) {
		if (strcmp(g->metric.name, before) != 0) {
			exposition_family(e, &g->metric);
		}
		before = g->metric.name;
		for (size_t i = 0; i < batch_count(b, run->step + g->subject); i++) {
			put_sample(e, g, batch_row(b, run->step + g->subject, i));
		}
	}
}

/* Counts the rows with each of the words. */
static void count_rows(
    const struct run *run, const struct batch *b, const struct tally *t, size_t counts[static WORDS_MOST]) {
	const struct field *field = row_field(types[t->subject], t->member);
	size_t step = run->step + t->subject;
	struct buf text = {0};

	for (size_t i = 0; i < batch_count(b, step); i++) {
		size_t word = 0;

		buf_cut(&text, 0);
		(void)field_exact(field, batch_row(b, step, i), &text);
		while (t->words[word] != NULL && strcmp(t->words[word], buf_text(&text)) != 0) {
			word++;
		}
		assert(word < WORDS_MOST);
		counts[word]++;
	}
	buf_release(&text);
}

static void put_tallies(struct exposition *e, const struct run *run, const struct batch *b) {
	for (const struct tally *t = tallies; t < tallies + sizeof tallies / sizeof *tallies; t++) {
		size_t counts[WORDS_MOST] = {0};

		count_rows(run, b, t, counts);
		exposition_family(e, &t->metric);
		for (size_t word = 0; t->words[word] != NULL; word++) {
			const struct metric_label label = {t->label, t->words[word]};
			struct buf value = {0};

			buf_printf(&value, "%zu", counts[word]);
			exposition_sample(e, &label, 1, buf_text(&value));
			buf_release(&value);
		}
	}
}

static bool add_metrics(struct run *run, struct batch *b, struct err *err) {
	(void)run;
	(void)err;
	(void)pool_list_add(b, &(struct pool_ask){0});
	(void)queue_stats_add(b);
	(void)worker_list_add(b);
	(void)dedupe_runs_add(b);
	(void)alert_list_add(b, 0, NULL);
	(void)storage_list_add(b);
	return true;
}

static bool answer_metrics(struct run *run, const struct batch *b, struct err *err) {
	struct exposition *e = exposition_begin(&run->sink);

	assert(run->last == run->step + STORAGE);
	put_tallies(e, run, b);
	put_gauges(e, run, b);
	return exposition_end(e, err);
}

const struct verb metrics_verbs[] = {
    {
	.words = "metrics",
	.examples = "berth metrics\n"
		    "berth metrics --json\n",
	.synopsis = "",
	.summary = "print figures for a monitoring system, as OpenMetrics text",
	.notes = "All figures are of one moment. --json and --csv print a list of the same samples.\n"
		 "The rows of tables are the server's estimates, as of its last vacuum or analyze.\n",
	.add = add_metrics,
	.answer = answer_metrics,
    },
    {0},
};
