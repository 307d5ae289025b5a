#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "model/import.h"
#include "tests/bench/load.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/bench/stage.h"

enum { ROUNDS = 7 };

#define FILE_NAME "tests/data/aws-pools.csv"
#define COLUMNS "id, pool, space, kind, name, host, first, last"

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

/* Copies out the rows of the import, in its order. */
static void copy_out(PGconn *pg, struct buf *out) {
	char *line;
	int n;

	stage_expect(
	    pg, "copy (select " COLUMNS " from berth.resource order by ctid) to stdout", PGRES_COPY_OUT);
	while ((n = PQgetCopyData(pg, &line, 0)) > 0) {
		buf_add(out, line, (size_t)n);
		PQfreemem(line);
	}
	drain(pg);
}

static void copy_in(PGconn *pg, const struct buf *rows) {
	stage_expect(pg, "copy bench.resource (" COLUMNS ") from stdin", PGRES_COPY_IN);
	if (PQputCopyData(pg, rows->text, (int)rows->len) != 1 || PQputCopyEnd(pg, NULL) != 1) {
		(void)fprintf(stderr, "bench: copy: %s", PQerrorMessage(pg));
		exit(1);
	}
	drain(pg);
}

static double milliseconds(int64_t since) {
	return (double)(clock_steady() - since) / 1000;
}

void measure_import(struct report *r) {
	struct stage *s = stage_new();
	PGconn *pg = stage_connect(s);
	struct buf csv = {0};
	struct buf rows = {0};
	double things[ROUNDS], baselines[ROUNDS], ratios[ROUNDS];

	read_file(FILE_NAME, &csv);
	stage_run(s, "create table bench.resource (like berth.resource including all)");
	import_all(s, &csv);
	copy_out(pg, &rows);
	for (int i = 0; i < ROUNDS; i++) {
		int64_t start;

		stage_run(s, "truncate berth.event, berth.request, berth.label, berth.stripe, berth.lease, "
			     "berth.resource, "
			     "berth.pool, bench.lease, bench.resource");
		start = clock_steady();
		import_all(s, &csv);
		things[i] = milliseconds(start);
		start = clock_steady();
		copy_in(pg, &rows);
		baselines[i] = milliseconds(start);
		ratios[i] = things[i] / baselines[i];
	}
	report_add(r, &(struct figure){"import", median(things, ROUNDS), "ms", median(baselines, ROUNDS),
			  median(ratios, ROUNDS), 3, WANTED_RATIO_MOST});
	buf_release(&csv);
	buf_release(&rows);
	PQfinish(pg);
	stage_free(s);
}
