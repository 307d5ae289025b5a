#include "tests/bench/terminal.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"

enum { WORDS_MOST = 16, BEFORE_TIMES = 12 /* blanks after the name in /proc/PID/stat */ };

_Noreturn static void die(const char *what) {
	perror(what);
	exit(1);
}

/* Replaces this process. execvp() takes words that could be written to. */
static void execute(const char *const *argv) {
	char *words[WORDS_MOST + 1] = {0};

	for (size_t i = 0; argv[i] != NULL && i < WORDS_MOST; i++) {
		words[i] = mem_text(argv[i]);
	}
	if (words[0] != NULL) {
		execvp(words[0], words);
	}
}

struct terminal terminal_open(const char *const *argv) {
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	struct terminal t;

	t.pid = forkpty(&t.fd, NULL, NULL, &size);
	if (t.pid < 0) {
		die("forkpty");
	}
	if (t.pid == 0) {
		(void)setenv("TERM", "xterm-256color", 1);
		const char *path = getenv("BERTH_TEST_PATH");

		if (path != NULL) {
			(void)setenv("PATH", path, 1);
		}
		execute(argv);
		_exit(127);
	}
	return t;
}

void terminal_close(struct terminal *t) {
	(void)kill(t->pid, SIGTERM);
	(void)waitpid(t->pid, NULL, 0);
	(void)close(t->fd);
}

size_t terminal_hear(const struct terminal *t, int64_t deadline, struct buf *out) {
	struct pollfd fd = {.fd = t->fd, .events = POLLIN};
	char bytes[65536];
	ssize_t n;

	if (poll(&fd, 1, clock_poll(deadline)) != 1) {
		return 0;
	}
	n = read(t->fd, bytes, sizeof bytes);
	if (n <= 0) {
		(void)fprintf(stderr, "bench: the program has ended: %s\n", buf_text(out));
		exit(1);
	}
	buf_add(out, bytes, (size_t)n);
	return (size_t)n;
}

void terminal_wait(const struct terminal *t, const char *mark) {
	struct buf out = {0};
	int64_t deadline = clock_steady() + TERMINAL_PATIENCE;

	while (strstr(buf_text(&out), mark) == NULL) {
		if (terminal_hear(t, deadline, &out) == 0) {
			(void)fprintf(stderr, "bench: the program does not show %s\n", mark);
			exit(1);
		}
	}
	buf_release(&out);
}

size_t terminal_quiet(const struct terminal *t, int64_t quiet) {
	struct buf out = {0};
	size_t n;

	while (terminal_hear(t, clock_steady() + quiet, &out) > 0) {
	}
	n = out.len;
	buf_release(&out);
	return n;
}

void terminal_press(const struct terminal *t, const char *key) {
	if (write(t->fd, key, strlen(key)) < 0) {
		die("write");
	}
}

double terminal_cpu_seconds(const struct terminal *t) {
	char path[64];
	char line[1024] = "";
	unsigned long user = 0, kernel = 0;
	FILE *file;
	char *at;

	(void)snprintf(path, sizeof path, "/proc/%d/stat", (int)t->pid);
	file = fopen(path, "r");
	if (file == NULL || fgets(line, sizeof line, file) == NULL) {
		die(path);
	}
	(void)fclose(file);
	at = strrchr(line, ')');
	for (int field = 0; at != NULL && field < BEFORE_TIMES; field++) {
		at = strchr(at + 1, ' ');
	}
	if (at == NULL) {
		die(path);
	}
	user = strtoul(at, &at, 10);
	kernel = strtoul(at, NULL, 10);
	return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}
