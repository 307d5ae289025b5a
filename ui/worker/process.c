#include "ui/worker/process.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/server/child.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/duration.h"

enum {
	LOOK = 20000, /* microseconds between two looks whether a group is empty */
	PIECE = 4096, /* bytes read at once, */
	PIECES = 32   /* and how often before others have their turn */
};

static const char default_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/* What the new process has: descriptors in the order of their numbers. */
struct start {
	const struct launch *launch;
	pid_t parent;
	int fds[3];
	char *file;
	char **argv;
	char *environment[3];
};

static void close_all(const int *fds, int n) {
	for (int i = 0; i < n; i++) {
		if (fds[i] >= 0) {
			(void)close(fds[i]);
		}
	}
}

/* The new process: the program, or on its standard error why not. The folder is
 * entered by its descriptor and the file named from there, so that it is the
 * one that was looked at. */
__attribute__((noreturn)) static void child(const struct start *start) {
	child_signals();
	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() == start->parent && fchdir(start->launch->folder) == 0 &&
	    child_descriptors(start->fds, 3)) {
		(void)execve(start->file, start->argv, start->environment);
	}
	(void)dprintf(STDERR_FILENO, "cannot be run: %s\n", strerror(errno));
	_exit(127);
}

static char *variable(const char *name, const char *fallback) {
	const char *value = getenv(name);

	return mem_print("%s=%s", name, value == NULL ? fallback : value);
}

static void start_init(struct start *start, const struct launch *launch) {
	size_t n = 0;

	*start = (struct start){.launch = launch, .parent = getpid(), .fds = {-1, -1, -1}};
	start->file = mem_print("./%s", launch->name);
	while (launch->argv[n] != NULL) {
		n++;
	}
	start->argv = mem_new(n + 1, sizeof *start->argv);
	for (size_t i = 0; i < n; i++) {
		start->argv[i] = mem_text(launch->argv[i]);
	}
	start->environment[0] = variable("PATH", default_path);
	start->environment[1] = variable("LANG", "C.UTF-8");
}

static void start_release(struct start *start) {
	close_all(start->fds, 3);
	for (size_t i = 0; start->argv[i] != NULL; i++) {
		free(start->argv[i]);
	}
	free(start->argv);
	free(start->environment[0]);
	free(start->environment[1]);
	free(start->file);
}

/* The descriptors of the process, and our end of its standard error. */
static bool start_open(struct start *start, int *errors) {
	int pipes[2];

	start->fds[0] = child_input(start->launch->input);
	start->fds[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (start->fds[0] < 0 || start->fds[1] < 0 || pipe2(pipes, O_CLOEXEC) != 0) {
		return false;
	}
	*errors = pipes[0];
	start->fds[2] = pipes[1];
	return fcntl(pipes[0], F_SETFL, O_NONBLOCK) == 0;
}

static bool start_fork(const struct start *start, struct process *p) {
	p->pid = fork();
	if (p->pid == 0) {
		child(start);
	}
	if (p->pid < 0) {
		return false;
	}
	(void)setpgid(p->pid, p->pid); /* the child does so too: whoever is first */
	p->handle = pidfd_open(p->pid, 0);
	if (p->handle < 0) {
		(void)kill(-p->pid, SIGKILL);
		(void)waitpid(p->pid, NULL, 0);
		return false;
	}
	return true;
}

bool process_start(struct process *p, const struct launch *launch, struct err *err) {
	struct start start;
	bool ok;

	*p = (struct process){.handle = -1, .errors = -1, .time = launch->time, .order = TIME_NONE};
	start_init(&start, launch);
	ok = start_open(&start, &p->errors) && start_fork(&start, p);
	if (!ok) {
		err_set(err, ERR_UNAVAILABLE, "cannot be started: %s", strerror(errno));
		close_all(&p->errors, 1);
	}
	p->deadline = clock_steady() + launch->time;
	start_release(&start);
	return ok;
}

void process_polls(const struct process *p, struct pollfd fds[PROCESS_POLLS]) {
	fds[0] = (struct pollfd){.fd = p->handle, .events = POLLIN};
	fds[1] = (struct pollfd){.fd = p->errors, .events = POLLIN};
}

static void close_one(int *fd) {
	close_all(fd, 1);
	*fd = -1;
}

/* A program that says a lot is held up by its own pipe, and one that says
 * nothing more is not asked again. */
static void listen_to(struct process *p) {
	char piece[PIECE];

	for (int i = 0; i < PIECES && p->errors >= 0; i++) {
		ssize_t n = read(p->errors, piece, sizeof piece);

		if (n > 0) {
			last_output_add(&p->said, piece, (size_t)n);
		} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
			close_one(&p->errors);
		} else if (errno == EAGAIN) {
			return;
		}
	}
}

static void reap(struct process *p) {
	while (waitpid(p->pid, &p->status, 0) < 0 && errno == EINTR) {
	}
	close_one(&p->handle);
}

/* The number of a group is not given to another as long as somebody is in it. */
static bool group_is_empty(const struct process *p) {
	return kill(-p->pid, 0) != 0;
}

static void end(struct process *p) {
	listen_to(p);
	close_one(&p->errors);
	p->ended = true;
}

/* Where the process has gone, others of its group may be there for the rest of the grace. */
static void look_after(struct process *p) {
	if (p->order != TIME_NONE && clock_passed(p->order)) {
		(void)kill(-p->pid, SIGKILL);
		p->order = TIME_NONE;
	}
	if (p->handle < 0 && (p->order == TIME_NONE || group_is_empty(p))) {
		end(p);
	}
}

void process_step(struct process *p, const struct pollfd fds[PROCESS_POLLS]) {
	if (p->ended) {
		return;
	}
	if (fds[1].revents != 0) {
		listen_to(p);
	}
	if (fds[0].revents != 0) {
		reap(p);
	}
	if (p->handle >= 0 && !p->asked && clock_passed(p->deadline)) {
		p->late = true;
		process_terminate(p);
	}
	look_after(p);
}

void process_terminate(struct process *p) {
	if (p->asked || p->handle < 0) {
		return;
	}
	p->asked = true;
	(void)kill(-p->pid, SIGTERM);
	p->order = clock_steady() + PROCESS_GRACE;
}

int64_t process_deadline(const struct process *p) {
	if (p->ended) {
		return TIME_NONE;
	}
	if (p->handle < 0) {
		return clock_sooner(p->order, clock_steady() + LOOK);
	}
	return p->asked ? p->order : p->deadline;
}

bool process_succeeded(const struct process *p) {
	assert(p->ended);
	return !p->late && WIFEXITED(p->status) && WEXITSTATUS(p->status) == 0;
}

void process_describe(const struct process *p, struct buf *out) {
	struct buf said = {0};

	if (p->late) {
		buf_puts(out, "deadline of ");
		duration_text(p->time, out);
		buf_puts(out, " passed");
	} else if (WIFSIGNALED(p->status)) {
		buf_printf(out, "signal %d", WTERMSIG(p->status));
	} else {
		buf_printf(out, "exit %d", WEXITSTATUS(p->status));
	}
	last_output_text(&p->said, &said);
	if (said.len > 0) {
		buf_puts(out, ": ");
		buf_add(out, buf_text(&said), said.len);
	}
	buf_release(&said);
}

void process_release(struct process *p) {
	if (p->ended) {
		return;
	}
	(void)kill(-p->pid, SIGKILL);
	if (p->handle >= 0) {
		reap(p);
	}
	close_one(&p->errors);
	p->ended = true;
}
