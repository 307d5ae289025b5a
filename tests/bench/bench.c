/*
 * The benchmark: measures berth against plain SQL on the same server, in the same run, prints a table, and
 * writes BUILD/bench.json.
 *
 * Usage: bench BUILD [MEASURE...], all or some of: clients extras sizes scan replay many import lease_import
 * labels dedupe repoint scale console batch chain queue cold churn project
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/bench/stage.h"
#include "tests/bench/volume.h"

static bool wanted(int argc, char **argv, const char *name) {
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], name) == 0) {
			return true;
		}
	}
	return argc == 2;
}

/* The big volume may take an hour to load, so that it is loaded once. */
static void measure_volumes(int argc, char **argv, const char *berth, struct report *r) {
	struct volume few = volume_little();
	struct volume many = volume_big();
	struct stage *little = volume_load(&few);
	struct stage *big = volume_load(&many);

	if (wanted(argc, argv, "scale")) {
		measure_scale(little, big, r);
	}
	if (wanted(argc, argv, "console")) {
		measure_console(berth, little, big, r);
	}
	stage_check(big);
	stage_free(little);
	stage_free(big);
}

int main(int argc, char **argv) {
	static const struct {
		const char *name;
		void (*measure)(struct stage *s, struct report *r);
	} measures[] = {
	    {"clients", measure_clients},
	    {"extras", measure_extras},
	    {"sizes", measure_sizes},
	    {"blocks", measure_blocks},
	    {"scan", measure_scan},
	    {"replay", measure_replay},
	    {"many", measure_many},
	};
	struct report r = {0};
	struct stage *s;
	char *path;

	if (argc < 2) {
		(void)fprintf(stderr, "usage: bench BUILD [MEASURE...]\n");
		return 2;
	}
	s = stage_new();
	report_head();
	for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
		if (wanted(argc, argv, measures[i].name)) {
			measures[i].measure(s, &r);
		}
	}
	stage_check(s);
	stage_free(s);
	if (wanted(argc, argv, "import")) {
		measure_import(&r);
	}
	if (wanted(argc, argv, "lease_import")) {
		measure_lease_import(&r);
	}
	if (wanted(argc, argv, "labels")) {
		measure_labels(&r);
	}
	if (wanted(argc, argv, "dedupe")) {
		measure_dedupe(&r);
	}
	if (wanted(argc, argv, "repoint")) {
		measure_repoint(&r);
	}
	path = mem_print("%s/berth", argv[1]);
	if (wanted(argc, argv, "scale") || wanted(argc, argv, "console")) {
		measure_volumes(argc, argv, path, &r);
	}
	if (wanted(argc, argv, "batch")) {
		measure_batch(path, &r);
	}
	if (wanted(argc, argv, "chain")) {
		measure_chain(&r);
	}
	if (wanted(argc, argv, "queue")) {
		measure_queue(path, &r);
	}
	if (wanted(argc, argv, "cold")) {
		measure_cold(&r);
	}
	if (wanted(argc, argv, "churn")) {
		measure_churn(&r);
	}
	if (wanted(argc, argv, "project")) {
		measure_project(path, &r);
	}
	free(path);
	path = mem_print("%s/bench.json", argv[1]);
	report_write(&r, path);
	free(path);
	report_release(&r);
	return 0;
}
