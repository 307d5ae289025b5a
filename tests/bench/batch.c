#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "tests/bench/load.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/bench/stage.h"
#include "tests/lib/proxy.h"

enum { LINES = 500, FAR_LINES = 20, ROUNDS = 7, FAR = 50000 /* microseconds each way */ };

/* Creates a file of so many lines. Returns its name, owned by the caller. */
static char *new_file(const char *line, int count) {
	char *path = mem_text("/tmp/berth-bench-XXXXXX");
	int fd = mkstemp(path);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	for (int i = 0; i < count; i++) {
		(void)fprintf(file, "%s\n", line);
	}
	if (fclose(file) != 0) {
		perror(path);
		exit(1);
	}
	return path;
}

static void remove_file(char *path) {
	(void)unlink(path);
	free(path);
}

static _Noreturn void become(const char *const *words) {
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	char *argv[24] = {NULL};

	size_t n = 0;

	do {
		argv[n] = mem_print("%s", words[n]);
	} while (words[++n] != NULL);
	(void)dup2(null, STDOUT_FILENO);
	(void)execvp(argv[0], argv);
	_exit(127);
}

/* Runs a program. Returns its time in milliseconds. */
static double timed(const char *const *words) {
	int64_t start = clock_steady();
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		become(words);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		(void)fprintf(stderr, "bench: %s has failed\n", words[0]);
		exit(1);
	}
	return (double)(clock_steady() - start) / 1000;
}

/* Measures the two in turn. */
static void compare(
    struct report *r, const char *name, const char *const *thing, const char *const *baseline) {
	double things[ROUNDS], baselines[ROUNDS], ratios[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		things[i] = timed(thing);
		baselines[i] = timed(baseline);
		ratios[i] = things[i] / baselines[i];
	}
	report_add(r, &(struct figure){name, median(things, ROUNDS), "ms", median(baselines, ROUNDS),
			  median(ratios, ROUNDS), 1.3, WANTED_RATIO_MOST});
}

static void measure_500(const struct stage *s, const char *berth, struct report *r) {
	struct conn_options to = stage_options(s);
	char *lines = new_file("allocate batch --holder bench", LINES);
	char *sql = new_file(
	    "select * from berth.allocate(gen_random_uuid(), 'batch', 'bench', null, null, 0, '{}');", LINES);
	const char *const thing[] = {berth, "-h", to.values[0], "-U", to.values[1], "-d", to.values[2],
	    "batch", lines, "--json", "-q", NULL};
	const char *const baseline[] = {"psql", "-h", to.values[0], "-U", to.values[1], "-d", to.values[2],
	    "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", sql, NULL};

	compare(r, "batch_500", thing, baseline);
	remove_file(lines);
	remove_file(sql);
}

static void measure_far(const struct stage *s, const char *berth, struct report *r) {
	struct conn_options to = stage_options(s);
	struct proxy *proxy = proxy_new(to.values[0]);
	char *lines = new_file("allocate batch --holder bench", FAR_LINES);
	const char *const thing[] = {berth, "-h", proxy_folder(proxy), "-U", to.values[1], "-d", to.values[2],
	    "batch", lines, "--json", "-q", NULL};
	const char *const baseline[] = {berth, "-h", proxy_folder(proxy), "-U", to.values[1], "-d",
	    to.values[2], "pool", "show", "batch", "--json", "-q", NULL};

	proxy_delay(proxy, FAR);
	compare(r, "batch_far", thing, baseline);
	remove_file(lines);
	proxy_free(proxy);
}

void measure_batch(const char *berth, struct report *r) {
	struct stage *s = stage_new();

	(void)stage_pool_new(s, "batch", "number", "0-1048575");
	measure_500(s, berth, r);
	measure_far(s, berth, r);
	stage_check(s);
	stage_free(s);
}
