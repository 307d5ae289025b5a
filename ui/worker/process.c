#include "ui/worker/process.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/child.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/duration.h"

enum {
	CHECK_EVERY = 20000, /* microseconds between two checks whether a group is empty */
	READ_BYTES = 4096,   /* read at once */
	READS = 32           /* most reads before other descriptors get their turn */
};

static const char default_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static void close_all(const int *fds, int n) {
	for (int i = 0; i < n; i++) {
		if (fds[i] >= 0) {
			(void)close(fds[i]);
		}
	}
}

static char *variable(const char *name, const char *fallback) {
	const char *value = getenv(name);

	return mem_print("%s=%s", name, value == NULL ? fallback : value);
}

/* Opens the child's descriptors 0 to 2, and our end of its standard error. */
static bool open_descriptors(const char *input, int fds[3], int *errors) {
	int pipes[2];

	fds[0] = child_input(input);
	fds[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (fds[0] < 0 || fds[1] < 0 || pipe2(pipes, O_CLOEXEC) != 0) {
		return false;
	}
	*errors = pipes[0];
	fds[2] = pipes[1];
	return fcntl(pipes[0], F_SETFL, O_NONBLOCK) == 0;
}

static bool start(struct process *p, const struct launch *launch, const int fds[3]) {
	char *file = mem_print("./%s", launch->name);
	char *path = variable("PATH", default_path);
	char *locale = variable("LANG", "C.UTF-8");
	const char *const environment[] = {path, locale, NULL};
	const struct child_program program = {.file = file,
	    .argv = launch->argv,
	    .environment = environment,
	    .fds = fds,
	    .count = 3,
	    .folder = launch->folder,
	    .ends_with_parent = true};
	bool ok = child_start(&p->child, &program);

	free(file);
	free(path);
	free(locale);
	return ok;
}

bool process_start(struct process *p, const struct launch *launch, struct err *err) {
	int fds[3] = {-1, -1, -1};
	bool ok;

	*p = (struct process){.child.handle = -1, .errors = -1, .time = launch->time, .kill_at = TIME_NONE};
	ok = open_descriptors(launch->input, fds, &p->errors) && start(p, launch, fds);
	if (!ok) {
		err_set(err, ERR_UNAVAILABLE, "cannot be started: %s", strerror(errno));
		close_all(&p->errors, 1);
	}
	close_all(fds, 3);
	p->deadline = clock_steady() + launch->time;
	return ok;
}

void process_polls(const struct process *p, struct pollfd fds[PROCESS_POLLS]) {
	fds[0] = (struct pollfd){.fd = p->child.handle, .events = POLLIN};
	fds[1] = (struct pollfd){.fd = p->errors, .events = POLLIN};
}

static void close_one(int *fd) {
	close_all(fd, 1);
	*fd = -1;
}

/* Reads standard error: a limited number of times, so that a talkative program has to wait for its pipe. */
static void read_errors(struct process *p) {
	char piece[READ_BYTES];

	for (int i = 0; i < READS && p->errors >= 0; i++) {
		ssize_t n = read(p->errors, piece, sizeof piece);

		if (n > 0) {
			last_output_add(&p->output, piece, (size_t)n);
		} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
			close_one(&p->errors);
		} else if (errno == EAGAIN) {
			return;
		}
	}
}

static void end(struct process *p) {
	read_errors(p);
	close_one(&p->errors);
	p->ended = true;
}

/* Kills the group when the grace is over, and ends when the process is reaped. After a SIGTERM the rest of
 * its group may still run. */
static void check_group(struct process *p) {
	if (p->kill_at != TIME_NONE && clock_passed(p->kill_at)) {
		(void)child_signal(&p->child, SIGKILL);
		p->kill_at = TIME_NONE;
	}
	if (p->child.handle < 0 && (p->kill_at == TIME_NONE || !child_signal(&p->child, 0))) {
		end(p);
	}
}

void process_step(struct process *p, const struct pollfd fds[PROCESS_POLLS]) {
	if (p->ended) {
		return;
	}
	if (fds[1].revents != 0) {
		read_errors(p);
	}
	if (fds[0].revents != 0) {
		p->status = child_reap(&p->child);
	}
	if (p->child.handle >= 0 && !p->terminated && clock_passed(p->deadline)) {
		p->late = true;
		process_terminate(p);
	}
	check_group(p);
}

void process_terminate(struct process *p) {
	if (p->terminated || p->child.handle < 0) {
		return;
	}
	p->terminated = true;
	(void)child_signal(&p->child, SIGTERM);
	p->kill_at = clock_steady() + PROCESS_GRACE;
}

int64_t process_deadline(const struct process *p) {
	if (p->ended) {
		return TIME_NONE;
	}
	if (p->child.handle < 0) {
		return clock_sooner(p->kill_at, clock_steady() + CHECK_EVERY);
	}
	return p->terminated ? p->kill_at : p->deadline;
}

bool process_succeeded(const struct process *p) {
	assert(p->ended);
	return !p->late && WIFEXITED(p->status) && WEXITSTATUS(p->status) == 0;
}

void process_describe(const struct process *p, struct buf *out) {
	struct buf text = {0};

	if (p->late) {
		buf_puts(out, "deadline of ");
		duration_text(p->time, out);
		buf_puts(out, " passed");
	} else if (WIFSIGNALED(p->status)) {
		buf_printf(out, "signal %d", WTERMSIG(p->status));
	} else {
		buf_printf(out, "exit %d", WEXITSTATUS(p->status));
	}
	last_output_text(&p->output, &text);
	if (text.len > 0) {
		buf_puts(out, ": ");
		buf_add(out, buf_text(&text), text.len);
	}
	buf_release(&text);
}

void process_release(struct process *p) {
	if (p->ended) {
		return;
	}
	(void)child_signal(&p->child, SIGKILL);
	if (p->child.handle >= 0) {
		p->status = child_reap(&p->child);
	}
	close_one(&p->errors);
	p->ended = true;
}
