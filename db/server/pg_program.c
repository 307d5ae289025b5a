#include "db/server/pg_program.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/base/child.h"
#include "db/base/clock.h"
#include "db/base/mem.h"

#define GRACE (5 * TIME_SECOND) /* between SIGTERM and SIGKILL */

/* Runs in the child. Gives up root's rights where the program must not have them. */
static bool become(const void *context) {
	const struct pg_user *user = context;
	const struct passwd *entry;

	(void)umask(077);
	if (!user->drop) {
		return true;
	}
	entry = getpwuid(user->uid);
	return entry != NULL && initgroups(entry->pw_name, user->gid) == 0 && setgid(user->gid) == 0 &&
	       setuid(user->uid) == 0;
}

/* argv[0] must be the full path: PostgreSQL's programs find each other by it. */
static bool launch(const struct pg_program *program, struct child *child) {
	static const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=/", NULL};
	char *path = mem_print("%s/%s", program->bin == NULL ? "/bin" : program->bin, program->argv[0]);
	int input = child_input(program->input == NULL ? "" : program->input);
	const int fds[] = {input, program->log, program->log, program->folder, program->lock};
	size_t n = 1;

	while (program->argv[n] != NULL) {
		n++;
	}
	const char **argv = mem_new(n + 1, sizeof *argv);
	memcpy(argv, program->argv, n * sizeof *argv);
	argv[0] = path;
	bool ok = input >= 0 && child_start(child, &(struct child_program){.file = path,
						       .argv = argv,
						       .environment = environment,
						       .fds = fds,
						       .count = program->lock < 0 ? 4 : 5,
						       .folder = -1,
						       .prepare = become,
						       .context = &program->user});
	if (input >= 0) {
		(void)close(input);
	}
	free(argv);
	free(path);
	return ok;
}

static bool wait_end(const struct child *child, int64_t deadline) {
	struct pollfd wait = {.fd = child->handle, .events = POLLIN};
	int n;

	do {
		n = poll(&wait, 1, clock_poll(deadline));
	} while (n < 0 && errno == EINTR);
	return n == 1;
}

/* Waits for the end. Returns false when it had to be stopped at the deadline. */
static bool finish(struct child *child, int64_t deadline, int *status) {
	bool in_time = wait_end(child, deadline);

	if (!in_time) {
		(void)child_signal(child, SIGTERM);
		if (!wait_end(child, clock_steady() + GRACE)) {
			(void)child_signal(child, SIGKILL);
		}
	}
	*status = child_reap(child);
	return in_time;
}

/* Returns the reason in a line that reports an error, else NULL. */
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

/* Returns the last line that reports an error, else the last line; NULL for an empty text. Cuts up the text.
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

/* Finds the reason in the log since `from`, in at most its last 8 KiB. */
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

static bool fail(const struct pg_program *program, off_t from, bool in_time, struct err *err) {
	char *reason = read_reason(program->log, from);

	(void)err_set(err, in_time ? ERR_UNAVAILABLE : ERR_TIMEOUT, "the private server: %s %s%s%s",
	    program->argv[0], in_time ? "failed" : "did not end in time", reason == NULL ? "" : ": ",
	    reason == NULL ? "" : reason);
	free(reason);
	return false;
}

bool pg_program_run(const struct pg_program *program, int64_t deadline, struct err *err) {
	off_t from = lseek(program->log, 0, SEEK_END);
	struct child child;
	int status = -1;
	bool in_time;

	if (!launch(program, &child)) {
		return err_set(err, ERR_UNAVAILABLE, "the private server: cannot run %s: %s",
		    program->argv[0], strerror(errno));
	}
	in_time = finish(&child, deadline, &status);
	return (in_time && status == 0) || fail(program, from, in_time, err);
}
