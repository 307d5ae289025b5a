#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/base/num.h"
#include "tests/bench/load.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/bench/stage.h"
#include "tests/lib/database.h"

enum {
	KEYS = 100,
	FRAMES = 9,
	PATIENCE = 10000000, /* most microseconds until something is painted */
	QUIET = 200000,      /* microseconds without output after which painting is complete */
	IDLE = 10000000
};

/* Measurements of one program in one terminal. */
struct seen {
	double frame_ms;
	double key_ms;
	double rss_mb;
	double idle_bytes;
};

struct terminal {
	pid_t pid;
	int fd;
};

_Noreturn static void die(const char *what) {
	perror(what);
	exit(1);
}

static struct terminal terminal_open(const struct stage *s, const char *berth) {
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	struct conn_options options = stage_options(s);
	struct terminal t;

	t.pid = forkpty(&t.fd, NULL, NULL, &size);
	if (t.pid < 0) {
		die("forkpty");
	}
	if (t.pid == 0) {
		(void)setenv("TERM", "xterm-256color", 1);
		execl(berth, berth, "-h", options.values[0], "-U", options.values[1], "-d", options.values[2],
		    (char *)NULL);
		_exit(127);
	}
	return t;
}

static void terminal_close(struct terminal *t) {
	(void)kill(t->pid, SIGTERM);
	(void)waitpid(t->pid, NULL, 0);
	(void)close(t->fd);
}

/* Reads once, until the deadline. */
static size_t hear(const struct terminal *t, int64_t deadline, struct buf *out) {
	struct pollfd fd = {.fd = t->fd, .events = POLLIN};
	char bytes[65536];
	ssize_t n;

	if (poll(&fd, 1, clock_poll(deadline)) != 1) {
		return 0;
	}
	n = read(t->fd, bytes, sizeof bytes);
	if (n <= 0) {
		(void)fprintf(stderr, "bench: the console has ended: %s\n", buf_text(out));
		exit(1);
	}
	buf_add(out, bytes, (size_t)n);
	return (size_t)n;
}

static void wait_for(const struct terminal *t, const char *mark) {
	struct buf out = {0};
	int64_t deadline = clock_steady() + PATIENCE;

	while (strstr(buf_text(&out), mark) == NULL) {
		if (hear(t, deadline, &out) == 0) {
			(void)fprintf(stderr, "bench: the console does not show %s\n", mark);
			exit(1);
		}
	}
	buf_release(&out);
}

static size_t wait_until_quiet(const struct terminal *t, int64_t quiet) {
	struct buf out = {0};
	size_t n;

	while (hear(t, clock_steady() + quiet, &out) > 0) {
	}
	n = out.len;
	buf_release(&out);
	return n;
}

static void press(const struct terminal *t, const char *key) {
	if (write(t->fd, key, strlen(key)) < 0) {
		die("write");
	}
}

static double milliseconds(int64_t since) {
	return (double)(clock_steady() - since) / 1000;
}

static double first_frame(const struct stage *s, const char *berth) {
	double times[FRAMES];

	for (int i = 0; i < FRAMES; i++) {
		int64_t start = clock_steady();
		struct terminal t = terminal_open(s, berth);

		wait_for(&t, "screenful");
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

		press(t, i % 20 < 10 ? "j" : "k");
		if (hear(t, start + PATIENCE, &out) == 0) {
			(void)fprintf(stderr, "bench: a key paints nothing\n");
			exit(1);
		}
		times[i] = milliseconds(start);
		(void)wait_until_quiet(t, 20000);
	}
	buf_release(&out);
	(void)median(times, KEYS);
	return times[KEYS * 9 / 10];
}

static double idle_bytes(const struct terminal *t) {
	struct buf out = {0};
	int64_t deadline = clock_steady() + IDLE;

	while (hear(t, deadline, &out) > 0) {
	}
	buf_release(&out);
	return (double)out.len;
}

static struct seen look(const struct stage *s, const char *berth) {
	struct seen seen = {.frame_ms = first_frame(s, berth)};
	struct terminal t = terminal_open(s, berth);

	wait_for(&t, "screenful");
	press(&t, "2");
	wait_for(&t, "somebody");
	(void)wait_until_quiet(&t, QUIET);
	seen.key_ms = key_paint(&t);
	/* To the oldest row and back. */
	press(&t, "G");
	(void)wait_until_quiet(&t, QUIET);
	press(&t, "g");
	(void)wait_until_quiet(&t, QUIET);
	seen.rss_mb = stage_resident_mb(t.pid);
	seen.idle_bytes = idle_bytes(&t);
	terminal_close(&t);
	return seen;
}

static void take_leases(struct stage *s, const struct stage_pool *pool, const char *from, const char *to) {
	char id[ID_TEXT];
	char resource[ID_TEXT];

	stage_run(s,
	    "insert into berth.lease (id, pool, resource, value, state, holder, priority, acquired, "
	    "activated)"
	    "select gen_random_uuid(), '%s', '%s', v, 'active', 'somebody', 0, now(), now() "
	    "from generate_series(%s, %s) v",
	    id_text(pool->pool, id), id_text(pool->resource, resource), from, to);
	stage_run(s,
	    "update berth.stripe set free = nummultirange(numrange(%s + 1, last + 1)), room = last - %s "
	    "where pool = '%s'",
	    to, to, id);
	stage_run(s, "vacuum analyze berth.lease");
}

void measure_console(const char *berth, struct report *r) {
	struct stage *s = stage_new();
	struct stage_pool pool = stage_pool_new(s, "screenful", "number", "1-2000000");
	struct seen few, many;

	take_leases(s, &pool, "1", "1000");
	few = look(s, berth);
	take_leases(s, &pool, "1001", "1000000");
	many = look(s, berth);
	report_add(r, &(struct figure){"first_frame_ms", many.frame_ms, "ms", few.frame_ms,
			  many.frame_ms / few.frame_ms, 100, WANTED_VALUE_MOST});
	report_add(r, &(struct figure){"key_paint_ms", many.key_ms, "ms", few.key_ms,
			  many.key_ms / few.key_ms, 16, WANTED_VALUE_MOST});
	report_add(r, &(struct figure){"console_rss_mb", many.rss_mb, "MB", few.rss_mb,
			  many.rss_mb / few.rss_mb, 20, WANTED_VALUE_MOST});
	report_add(r, &(struct figure){
			  "idle_bytes", many.idle_bytes, "bytes", few.idle_bytes, NAN, 0, WANTED_VALUE_MOST});
	stage_free(s);
}
