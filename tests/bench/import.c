#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/import.h"
#include "tests/bench/load.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/bench/stage.h"

enum { ROUNDS = 7, LEASES = 100000 };

#define FILE_NAME "tests/data/aws-pools.csv"

static void read_file(const char *path, struct buf *out) {
	FILE *file = fopen(path, "r");
	char bytes[65536];
	size_t n;

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	while ((n = fread(bytes, 1, sizeof bytes, file)) > 0) {
		buf_add(out, bytes, n);
	}
	(void)fclose(file);
}

static void import_all(struct stage *s, enum import_what what, const struct buf *csv) {
	const struct import_ask ask = {.what = what, .from = IMPORT_OWN};
	struct import_file file;
	struct buf rows = {0};
	struct batch *b = batch_new(BATCH_WRITE);
	struct err err = {0};
	size_t at = 0;

	if (!import_read(csv->text, csv->len, &ask, &file, &err)) {
		stage_die("the file of the import", &err);
	}
	import_rows(&file, SIZE_MAX, &at, &rows);
	import_add(b, what, id_new(), buf_text(&rows), false, "{}");
	stage_run_batch(s, b);
	import_release(&file);
	buf_release(&rows);
}

static void drain(PGconn *pg) {
	PGresult *result;

	while ((result = PQgetResult(pg)) != NULL) {
		if (PQresultStatus(result) != PGRES_COMMAND_OK) {
			(void)fprintf(stderr, "bench: copy: %s", PQerrorMessage(pg));
			exit(1);
		}
		PQclear(result);
	}
}

/* A table that is imported into: its rows are copied into its twin in the schema bench. */
struct target {
	const char *table; /* "resource" */
	const char *columns;
};

static const struct target resources = {"resource", "id, pool, space, kind, name, host, first, last"};
static const struct target leases = {"lease",
    "id, pool, resource, value, state, holder, priority, until, created, "
    "acquired, activated, detail"};

/* Copies out the rows of the import, in its order. */
static void copy_out(PGconn *pg, const struct target *t, struct buf *out) {
	char *sql = mem_print("copy (select %s from berth.%s order by ctid) to stdout", t->columns, t->table);
	char *line;
	int n;

	stage_expect(pg, sql, PGRES_COPY_OUT);
	while ((n = PQgetCopyData(pg, &line, 0)) > 0) {
		buf_add(out, line, (size_t)n);
		PQfreemem(line);
	}
	drain(pg);
	free(sql);
}

static void copy_in(PGconn *pg, const struct target *t, const struct buf *rows) {
	char *sql = mem_print("copy bench.%s_copy (%s) from stdin", t->table, t->columns);

	stage_expect(pg, sql, PGRES_COPY_IN);
	if (PQputCopyData(pg, rows->text, (int)rows->len) != 1 || PQputCopyEnd(pg, NULL) != 1) {
		(void)fprintf(stderr, "bench: copy: %s", PQerrorMessage(pg));
		exit(1);
	}
	drain(pg);
	free(sql);
}

static double milliseconds(int64_t since) {
	return (double)(clock_steady() - since) / 1000;
}

/* Imports a file in rounds, each into the same state, and compares with COPY of the rows that it makes.
 * `reset` is SQL that makes that state. */
static void compare(struct report *r, struct stage *s, const char *name, double most, enum import_what what,
    const struct target *t, const struct buf *csv, const char *reset) {
	PGconn *pg = stage_connect(s);
	struct buf rows = {0};
	double things[ROUNDS], baselines[ROUNDS], ratios[ROUNDS];

	stage_run(s, "create table bench.%s_copy (like berth.%s including all)", t->table, t->table);
	import_all(s, what, csv);
	copy_out(pg, t, &rows);
	for (int i = 0; i < ROUNDS; i++) {
		int64_t start;

		stage_run(s, "%s; truncate bench.%s_copy", reset, t->table);
		start = clock_steady();
		import_all(s, what, csv);
		things[i] = milliseconds(start);
		start = clock_steady();
		copy_in(pg, t, &rows);
		baselines[i] = milliseconds(start);
		ratios[i] = things[i] / baselines[i];
	}
	report_add(r, &(struct figure){name, median(things, ROUNDS), "ms", median(baselines, ROUNDS),
			  median(ratios, ROUNDS), most, WANTED_RATIO_MOST});
	buf_release(&rows);
	PQfinish(pg);
}

void measure_import(struct report *r) {
	struct stage *s = stage_new();
	struct buf csv = {0};

	read_file(FILE_NAME, &csv);
	compare(r, s, "import", 3, IMPORT_RANGES, &resources, &csv,
	    "truncate berth.event, berth.request, berth.label, berth.stripe, berth.lease, berth.exclusion, "
	    "berth.resource, berth.former_name, berth.pool, bench.lease");
	buf_release(&csv);
	stage_free(s);
}

/* Writes a plan of 100,000 addresses with a gap after every second one: half of the stripes are in pieces. */
static void write_leases(struct buf *csv) {
	buf_puts(csv, "pool,value,holder\n");
	for (unsigned n = 0; n < LEASES; n++) {
		unsigned value = n * 3 / 2;

		buf_printf(csv, "plan,10.%u.%u.%u,vm-%u\n", value >> 16, value >> 8 & 0xff, value & 0xff, n);
	}
}

void measure_lease_import(struct report *r) {
	struct stage *s = stage_new();
	struct stage_pool pool = stage_pool_new(s, "plan", "ipv4", "10.0.0.0/14");
	struct buf csv = {0};
	char *reset;
	char id[ID_TEXT];

	write_leases(&csv);
	(void)id_text(pool.resource, id);
	reset = mem_print(
	    "truncate berth.request, berth.lease; delete from berth.stripe where resource = '%s';"
	    " insert into berth.stripe (pool, resource, host, first, last, free, room, open)"
	    " select pool, id, host, first, last, nummultirange(numrange(first, last + 1)), last - first + 1,"
	    " true from berth.resource where id = '%s'",
	    id, id);
	compare(r, s, "lease_import", 4, IMPORT_LEASES, &leases, &csv, reset);
	stage_check(s);
	free(reset);
	buf_release(&csv);
	stage_free(s);
}
