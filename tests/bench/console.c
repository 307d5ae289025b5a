#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "tests/bench/load.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/bench/stage.h"
#include "tests/bench/terminal.h"

enum {
	KEYS = 100,
	FRAMES = 9,
	CHANGES = 9,
	QUIET = 200000, /* microseconds without output after which painting is complete */
	IDLE = 10000000
};

/* The first pool of the big and the little volume, and the holder of what was taken last. */
static const char first_pool[] = "pool-0";
static const char newest_holder[] = "bench";

/* Measurements of one program in one terminal. */
struct seen {
	double frame_ms;
	double key_ms;
	double rss_mb;
	double idle_bytes;
	double idle_cpu; /* percent */
	double refresh_bytes;
};

static double milliseconds(int64_t since) {
	return (double)(clock_steady() - since) / 1000;
}

static struct terminal console_open(const struct stage *s, const char *berth) {
	struct conn_options options = stage_options(s);
	const char *const argv[] = {
	    berth, "-h", options.values[0], "-U", options.values[1], "-d", options.values[2], NULL};

	return terminal_open(argv);
}

static double first_frame(const struct stage *s, const char *berth) {
	double times[FRAMES];

	for (int i = 0; i < FRAMES; i++) {
		int64_t start = clock_steady();
		struct terminal t = console_open(s, berth);

		terminal_wait(&t, first_pool);
		times[i] = milliseconds(start);
		terminal_close(&t);
	}
	return median(times, FRAMES);
}

/* Returns the 90th percentile of the time from a key to the first painted byte. */
static double key_paint(const struct terminal *t) {
	double times[KEYS];
	struct buf out = {0};

	for (int i = 0; i < KEYS; i++) {
		int64_t start = clock_steady();

		terminal_press(t, i % 20 < 10 ? "j" : "k");
		if (terminal_hear(t, start + TERMINAL_PATIENCE, &out) == 0) {
			(void)fprintf(stderr, "bench: a key paints nothing\n");
			exit(1);
		}
		times[i] = milliseconds(start);
		(void)terminal_quiet(t, 20000);
	}
	buf_release(&out);
	(void)median(times, KEYS);
	return times[KEYS * 9 / 10];
}

/* Measures a program that nobody uses. */
static void idle(const struct terminal *t, double *bytes, double *cpu) {
	struct buf out = {0};
	int64_t start = clock_steady();
	double computed = terminal_cpu_seconds(t);

	while (terminal_hear(t, start + IDLE, &out) > 0) {
	}
	*bytes = (double)out.len;
	*cpu = 100 * (terminal_cpu_seconds(t) - computed) * 1e6 / (double)(clock_steady() - start);
	buf_release(&out);
}

/* Returns the median of the bytes that a changed row costs: a value of the first pool is taken each time. */
static double refresh_bytes(struct stage *s, const struct terminal *t) {
	struct stage_pool pool = {.name = first_pool};
	double bytes[CHANGES];

	for (int i = 0; i < CHANGES; i++) {
		struct buf out = {0};

		(void)stage_allocate(s, &pool, NULL, 1);
		if (terminal_hear(t, clock_steady() + TERMINAL_PATIENCE, &out) == 0) {
			(void)fprintf(stderr, "bench: a taken value paints nothing\n");
			exit(1);
		}
		bytes[i] = (double)(out.len + terminal_quiet(t, QUIET));
		buf_release(&out);
	}
	return median(bytes, CHANGES);
}

static struct seen look(struct stage *s, const char *berth) {
	struct seen seen = {.frame_ms = first_frame(s, berth)};
	struct terminal t = console_open(s, berth);

	terminal_wait(&t, first_pool);
	(void)terminal_quiet(&t, QUIET);
	seen.refresh_bytes = refresh_bytes(s, &t);
	terminal_press(&t, "2");
	terminal_wait(&t, newest_holder);
	(void)terminal_quiet(&t, QUIET);
	seen.key_ms = key_paint(&t);
	/* To the oldest row and back. */
	terminal_press(&t, "G");
	(void)terminal_quiet(&t, QUIET);
	terminal_press(&t, "g");
	(void)terminal_quiet(&t, QUIET);
	seen.rss_mb = stage_resident_mb(t.pid);
	idle(&t, &seen.idle_bytes, &seen.idle_cpu);
	terminal_close(&t);
	return seen;
}

static bool is_installed(const char *name) {
	const char *path = getenv("BERTH_TEST_PATH");
	bool found = false;

	for (const char *dir = path == NULL ? "/usr/bin" : path; *dir != '\0' && !found;) {
		size_t len = strcspn(dir, ":");
		char *file = mem_print("%.*s/%s", (int)len, dir, name);

		found = access(file, X_OK) == 0;
		free(file);
		dir += len + (dir[len] == ':');
	}
	return found;
}

/* Reports what another program of a terminal paints and computes while nobody uses it. htop repaints every
 * 1.5 s. */
static void report_peer(
    struct report *r, const char *const *argv, const char *bytes_name, const char *cpu_name) {
	struct terminal t;
	double bytes, cpu;

	if (!is_installed(argv[0])) {
		(void)fprintf(stderr, "bench: %s is not installed\n", argv[0]);
		return;
	}
	t = terminal_open(argv);
	(void)terminal_quiet(&t, QUIET);
	idle(&t, &bytes, &cpu);
	terminal_close(&t);
	report_add(
	    r, &(struct figure){bytes_name, bytes * 1.5e6 / IDLE, "bytes", NAN, NAN, NAN, WANTED_VALUE_MOST});
	report_add(r, &(struct figure){cpu_name, cpu, "%", NAN, NAN, NAN, WANTED_VALUE_MOST});
}

static void add(
    struct report *r, const char *name, double many, double few, const char *unit, double wanted) {
	report_add(r,
	    &(struct figure){name, many, unit, few, few == 0 ? NAN : many / few, wanted, WANTED_VALUE_MOST});
}

void measure_console(const char *berth, struct stage *little, struct stage *big, struct report *r) {
	static const char *const htop[] = {"htop", "-d", "15", NULL};
	static const char *const pspg[] = {"pspg", "-f", "tests/bench/volume.sql", NULL};
	struct seen few = look(little, berth);
	struct seen many = look(big, berth);

	add(r, "first_frame_ms", many.frame_ms, few.frame_ms, "ms", 100);
	add(r, "key_paint_ms", many.key_ms, few.key_ms, "ms", 16);
	add(r, "console_rss_mb", many.rss_mb, few.rss_mb, "MB", 20);
	add(r, "idle_bytes", many.idle_bytes, few.idle_bytes, "bytes", 0);
	add(r, "idle_cpu", many.idle_cpu, few.idle_cpu, "%", 0.5);
	add(r, "refresh_bytes", many.refresh_bytes, few.refresh_bytes, "bytes", 200);
	report_peer(r, htop, "htop_bytes", "htop_cpu");
	report_peer(r, pspg, "pspg_bytes", "pspg_cpu");
}
