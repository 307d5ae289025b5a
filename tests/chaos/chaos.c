/*
 * The chaos test: workers and clients against servers that crash, are promoted, fill their disks and change
 * their clocks, while connections are cut and processes die. Then the checker compares the history with the
 * state.
 *
 * Usage: chaos BERTH CLOCK.SO [SECONDS [SEED]]
 *
 * Choices and faults depend on the seed alone; the speed of threads does not.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "tests/chaos/checker.h"
#include "tests/chaos/clients.h"
#include "tests/chaos/cluster.h"
#include "tests/chaos/disk.h"
#include "tests/chaos/final.h"
#include "tests/chaos/final_read.h"
#include "tests/chaos/history.h"
#include "tests/chaos/nemesis.h"
#include "tests/chaos/spawn.h"
#include "tests/chaos/summary.h"
#include "tests/chaos/rest.h"
#include "tests/chaos/workers.h"
#include "tests/chaos/world.h"

enum { WORKERS = 3, CLIENTS = 8, SECONDS = 120, BROKEN = 2 };
#define DISK (INT64_C(512) << 20)
#define DISK_EACH (INT64_C(1) << 20) /* more for each second */

struct chaos {
	char *berth;
	char *shim;
	char *folder;
	int64_t seconds;
	uint64_t seed;
	FILE *file;
	struct history *history;
	struct world *world;
	struct cluster cluster;
	struct final final;
	struct verdict verdict;
};

/* Writes the hook. It fails in 40 % of the runs and exceeds its deadline in 1 %, depending on its input, so
 * that the seed decides. */
static bool make_hook(const struct chaos *c) {
	char *folder = mem_print("%s/hooks", c->folder);
	char *path = mem_print("%s/hook", folder);
	FILE *file = mkdir(folder, 0755) == 0 ? fopen(path, "we") : NULL;
	bool ok = file != NULL;

	if (ok) {
		(void)fprintf(file, "#!/bin/sh\n"
				    "read -r line\n"
				    "n=$(printf '%%s' \"$line\" | cksum | cut -d ' ' -f 1)\n"
				    "[ $((n %% 101)) -ne 0 ] || sleep 5\n"
				    "[ $((n %% 17)) -ne 0 ] || sleep 1\n"
				    "[ $((n %% 5)) -gt 1 ]\n");
		ok = fclose(file) == 0 && chmod(path, 0755) == 0 && chmod(folder, 0755) == 0;
	}
	free(folder);
	free(path);
	return ok;
}

static bool open_all(struct chaos *c, struct err *err) {
	char *file = mem_print("%s/history", c->folder);
	char *address;
	int64_t disk = DISK + c->seconds * DISK_EACH;
	bool ok;

	c->file = fopen(file, "we");
	free(file);
	if (c->file == NULL || !make_hook(c)) {
		return err_set(err, ERR_UNAVAILABLE, "%s: %s", c->folder, strerror(errno));
	}
	c->history = history_new(c->file);
	c->world = world_new();
	c->final.first_jump = TIME_NONE;
	if (!disk_possible(c->folder)) {
		(void)printf("chaos: no disk can be mounted here (that takes root): this run goes without "
			     "full disks\n");
		disk = 0;
	}
	if (!cluster_open(&c->cluster, c->folder, c->shim, disk, err)) {
		return false;
	}
	address = cluster_address(&c->cluster, 0);
	ok = world_make(c->world, c->berth, address);
	free(address);
	return ok || err_set(err, ERR_UNAVAILABLE, "the pools cannot be made");
}

/* Runs faults, calls and workers, then waits for rest and reads the state. False: the servers did not come
 * back. */
static bool run(struct chaos *c) {
	char *hooks = mem_print("%s/hooks", c->folder);
	struct nemesis n = {
	    .dice = dice_of(c->seed, 1), .cluster = &c->cluster, .history = c->history, .final = &c->final};
	struct probes *probes;
	bool ok;

	n.workers = workers_start(WORKERS, c->berth, &c->cluster, c->folder, hooks);
	n.clients = clients_start(CLIENTS, c->seed, c->berth, &c->cluster, c->world, c->history);
	probes = probes_start(c->berth, &c->cluster, c->world, c->history);
	nemesis_run(&n, clock_steady() + c->seconds * TIME_SECOND);
	ok = nemesis_end(&n) && !n.told;
	probes_stop(probes, &c->verdict);
	clients_stop(n.clients);
	if (ok) {
		rest_check(&c->cluster, &c->verdict);
		rest_doctor(c->berth, &c->cluster, &c->verdict);
	}
	workers_stop(n.workers, &c->verdict);
	ok = ok && final_read(&c->final, cluster_primary(&c->cluster));
	summary_calls(c->history);
	summary_faults(&n);
	free(hooks);
	return ok;
}

static void close_all(struct chaos *c, bool keep) {
	const struct pg_user self = {0};
	const char *const clear[] = {"/bin/rm", "-rf", c->folder, NULL};

	cluster_close(&c->cluster);
	history_free(c->history);
	if (c->world != NULL) {
		world_free(c->world);
	}
	final_release(&c->final);
	verdict_release(&c->verdict);
	if (c->file != NULL) {
		(void)fclose(c->file);
	}
	if (!keep && !spawn_run(clear, &self, STDERR_FILENO, 60 * TIME_SECOND)) {
		(void)fprintf(stderr, "chaos: %s cannot be removed\n", c->folder);
	}
	free(c->berth);
	free(c->shim);
	free(c->folder);
}

static bool read_arguments(struct chaos *c, int argc, char **argv) {
	char *end = NULL;

	if (argc < 3 || argc > 5 || getrandom(&c->seed, sizeof c->seed, 0) != sizeof c->seed) {
		return false;
	}
	c->seed %= UINT64_C(1000000000);
	c->berth = realpath(argv[1], NULL);
	c->shim = realpath(argv[2], NULL);
	c->seconds = argc > 3 ? strtoll(argv[3], &end, 10) : SECONDS;
	if (argc > 3 && (*end != '\0' || c->seconds < 1)) {
		return false;
	}
	if (argc > 4 && argv[4][0] != '\0') {
		c->seed = strtoull(argv[4], &end, 10);
	}
	return c->berth != NULL && c->shim != NULL && (end == NULL || *end == '\0');
}

static int decide(struct chaos *c) {
	struct err err = {0};
	size_t failed;

	if (!open_all(c, &err)) {
		(void)fprintf(stderr, "chaos: %s\n", err.message);
		err_release(&err);
		return BROKEN;
	}
	if (!run(c)) {
		(void)fprintf(stderr,
		    "chaos: the servers did not come back, or it was told to end: nothing is decided; see "
		    "%s\n",
		    c->folder);
		return BROKEN;
	}
	checker_run(c->history, &c->final, &c->verdict);
	(void)printf("chaos: seed %" PRIu64 ", %" PRId64 " seconds\n", c->seed, c->seconds);
	failed = summary_failed(&c->verdict);
	if (failed > 0) {
		(void)printf(
		    "chaos: the history, and what workers and servers said, is kept in %s\n", c->folder);
	}
	summary_verdict(&c->verdict, c->history, &c->final);
	return failed == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
	char folder[] = "/tmp/berth-chaos-XXXXXX";
	struct chaos c = {0};
	sigset_t ends;
	int code;

	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGINT);
	(void)sigaddset(&ends, SIGTERM);
	(void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)signal(SIGPIPE, SIG_IGN);
	if (!read_arguments(&c, argc, argv)) {
		(void)fprintf(stderr, "usage: chaos BERTH CLOCK.SO [SECONDS [SEED]]\n");
		return BROKEN;
	}
	(void)printf("chaos: seed %" PRIu64 ", %" PRId64 " seconds\n", c.seed, c.seconds);
	if (mkdtemp(folder) == NULL || chmod(folder, 0711) != 0) {
		(void)fprintf(stderr, "chaos: %s: %s\n", folder, strerror(errno));
		return BROKEN;
	}
	c.folder = mem_text(folder);
	code = decide(&c);
	close_all(&c, code != 0);
	return code;
}
