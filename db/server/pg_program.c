#include "db/server/pg_program.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/server/child.h"
#include "db/base/clock.h"
#include "db/base/mem.h"

#define GRACE (5 * TIME_SECOND) /* from the request to end to the order */

static bool become(const struct pg_user *user) {
	const struct passwd *entry;

	if (!user->drop) {
		return true;
	}
	entry = getpwuid(user->uid);
	return entry != NULL && initgroups(entry->pw_name, user->gid) == 0 && setgid(user->gid) == 0 &&
	       setuid(user->uid) == 0;
}

static bool arrange(const struct pg_program *tool, int input) {
	const int fds[] = {input, tool->log, tool->log, tool->folder, tool->lock};

	return child_descriptors(fds, tool->lock < 0 ? 4 : 5);
}

/* What the new process does: the program, or its reason for not starting, in the log. */
__attribute__((noreturn)) static void child(const struct pg_program *tool, char *const *argv, int input) {
	char search[] = "PATH=/usr/bin:/bin";
	char locale[] = "LC_ALL=C";
	char home[] = "HOME=/";
	char *const environment[] = {search, locale, home, NULL};

	child_signals();
	(void)setpgid(0, 0);
	(void)umask(077);
	if (arrange(tool, input) && chdir("/") == 0 && become(&tool->user)) {
		(void)execve(argv[0], argv, environment);
	}
	(void)dprintf(STDERR_FILENO, "error: cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int open_input(const char *text) {
	return text == NULL ? open("/dev/null", O_RDONLY | O_CLOEXEC) : child_input(text);
}

static bool wait_end(int process, int64_t deadline) {
	struct pollfd wait = {.fd = process, .events = POLLIN};
	int n;

	do {
		n = poll(&wait, 1, clock_poll(deadline));
	} while (n < 0 && errno == EINTR);
	return n == 1;
}

/* Waits for the process and buries it; whether it ended in time, with its wait status. */
static bool reap(pid_t pid, int64_t deadline, int *status) {
	int process = pidfd_open(pid, 0);
	bool in_time = process < 0 || wait_end(process, deadline);

	if (!in_time) {
		(void)kill(-pid, SIGTERM);
		if (!wait_end(process, clock_steady() + GRACE)) {
			(void)kill(-pid, SIGKILL);
		}
	}
	while (waitpid(pid, status, 0) < 0 && errno == EINTR) {
	}
	if (process >= 0) {
		(void)close(process);
	}
	return in_time;
}

/* Where in a line the reason begins, if it tells of an error; else NULL. */
static const char *after_mark(const char *line) {
	static const char *const marks[] = {"FATAL:", "PANIC:", "ERROR:", "error:"};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		const char *mark = strstr(line, marks[i]);

		if (mark != NULL) {
			mark += strlen(marks[i]);
			return mark + strspn(mark, " ");
		}
	}
	return NULL;
}

/* The last line that tells of an error, else the last line at all; NULL for an empty text, which is cut up.
 */
static char *find_reason(char *text) {
	const char *last = NULL;
	const char *marked = NULL;

	for (char *line = strsep(&text, "\n"); line != NULL; line = strsep(&text, "\n")) {
		const char *reason = after_mark(line);

		last = line[0] == '\0' ? last : line;
		marked = reason == NULL ? marked : reason;
	}
	return mem_text(marked != NULL ? marked : last);
}

/* What the log says since `from`, at most its last 8 KiB. */
static char *read_reason(int log, off_t from) {
	char text[8192];
	off_t end = lseek(log, 0, SEEK_END);
	ssize_t n;

	if (end - from > (off_t)sizeof text - 1) {
		from = end - ((off_t)sizeof text - 1);
	}
	n = pread(log, text, sizeof text - 1, from);
	text[n < 0 ? 0 : n] = '\0';
	return find_reason(text);
}

static bool fail(const struct pg_program *tool, off_t from, bool in_time, struct err *err) {
	char *reason = read_reason(tool->log, from);

	(void)err_set(err, in_time ? ERR_UNAVAILABLE : ERR_TIMEOUT, "the private server: %s %s%s%s",
	    tool->argv[0], in_time ? "failed" : "did not end in time", reason == NULL ? "" : ": ",
	    reason == NULL ? "" : reason);
	free(reason);
	return false;
}

/* The argument vector with the whole path in front: by that these programs find each other. */
static char **copy_arguments(const struct pg_program *tool) {
	size_t n = 0;
	char **argv;

	while (tool->argv[n] != NULL) {
		n++;
	}
	argv = mem_new(n + 1, sizeof *argv);
	argv[0] = mem_print("%s/%s", tool->bin == NULL ? "/bin" : tool->bin, tool->argv[0]);
	for (size_t i = 1; i < n; i++) {
		argv[i] = mem_text(tool->argv[i]);
	}
	return argv;
}

static void free_arguments(char **argv) {
	for (size_t i = 0; argv[i] != NULL; i++) {
		free(argv[i]);
	}
	free(argv);
}

static pid_t launch(const struct pg_program *tool) {
	int input = open_input(tool->input);
	char **argv = copy_arguments(tool);
	pid_t pid = input < 0 ? -1 : fork();

	if (pid == 0) {
		child(tool, argv, input);
	}
	if (pid > 0) {
		(void)setpgid(pid, pid); /* the child does so too: whoever is first */
	}
	if (input >= 0) {
		(void)close(input);
	}
	free_arguments(argv);
	return pid;
}

bool pg_program_run(const struct pg_program *tool, int64_t deadline, struct err *err) {
	off_t from = lseek(tool->log, 0, SEEK_END);
	pid_t pid = launch(tool);
	int status = -1;
	bool in_time;

	if (pid < 0) {
		return err_set(err, ERR_UNAVAILABLE, "the private server: cannot run %s: %s", tool->argv[0],
		    strerror(errno));
	}
	in_time = reap(pid, deadline, &status);
	return (in_time && status == 0) || fail(tool, from, in_time, err);
}
