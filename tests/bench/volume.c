#include "tests/bench/volume.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "tests/bench/stage.h"

static const char script[] = "tests/bench/volume.sql"; /* tests/run is in the root of the tree */

struct volume volume_little(void) {
	return (struct volume){.pools = 100, .held = 1, .past = 1000};
}

struct volume volume_big(void) {
	const char *size = getenv("BENCH_SIZE");

	if (size != NULL && strcmp(size, "full") == 0) {
		return (struct volume){.pools = 100000, .held = 10, .past = 2000000};
	}
	return (struct volume){.pools = 2000, .held = 10, .past = 100000};
}

static void read_script(struct buf *sql) {
	FILE *file = fopen(script, "r");
	char part[4096];
	size_t n;

	if (file == NULL) {
		perror(script);
		exit(1);
	}
	while ((n = fread(part, 1, sizeof part, file)) > 0) {
		buf_add(sql, part, n);
	}
	(void)fclose(file);
}

struct stage *volume_load(const struct volume *volume) {
	struct stage *s = stage_new();
	struct buf sql = {0};

	read_script(&sql);
	stage_run(s, "%s", buf_text(&sql));
	buf_release(&sql);
	stage_run(s, "select bench_volume.load(%" PRId64 ", %" PRId64 ", %" PRId64 ")", volume->pools,
	    volume->held, volume->past);
	stage_run(s, "vacuum analyze");
	stage_run(s, "checkpoint");
	stage_check(s);
	return s;
}
