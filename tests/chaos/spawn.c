#include "tests/chaos/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/child.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/server/pg_program.h"

enum { LOOK_MS = 5 };

/* The preparation of a child before exec. */
struct start {
	const struct pg_user *user;
	int farewell;
};

static bool prepare(const void *context) {
	const struct start *start = context;
	const struct pg_user *user = start->user;

	(void)umask(077);
	/* A change of user clears the signal of the death of the parent, so the signal is set last. */
	return (!user->drop ||
		   (setgroups(1, &user->gid) == 0 && setgid(user->gid) == 0 && setuid(user->uid) == 0)) &&
	       prctl(PR_SET_PDEATHSIG, start->farewell) == 0;
}

static pid_t launch(const struct child_program *program, const struct pg_user *user, int farewell) {
	struct child_program whole = *program;
	const struct start start = {user, farewell};
	struct child child;

	whole.count = 3;
	whole.prepare = prepare;
	whole.context = &start;
	if (!child_start(&child, &whole)) {
		return -1;
	}
	(void)close(child.handle);
	return child.pid;
}

bool spawn_start(struct spawn *p, const char *path, const char *const *argv, const char *input) {
	const struct pg_user self = {0};
	int fds[3] = {child_input(input == NULL ? "" : input), memfd_create("out", MFD_CLOEXEC),
	    memfd_create("said", MFD_CLOEXEC)};

	if (fds[0] < 0 || fds[1] < 0 || fds[2] < 0) {
		return false;
	}
	p->out = fds[1];
	p->said = fds[2];
	p->pid = launch(&(struct child_program){.file = path,
			    .argv = argv,
			    .environment = (const char *const *)(uintptr_t)environ,
			    .fds = fds,
			    .folder = -1},
	    &self, SIGTERM);
	(void)close(fds[0]);
	return p->pid > 0;
}

/* Returns the contents of a file, and closes it. */
static char *read_all(int *fd) {
	off_t size = lseek(*fd, 0, SEEK_END);
	char *text = mem_new((size_t)(size < 0 ? 0 : size) + 1, 1);

	if (size > 0 && pread(*fd, text, (size_t)size, 0) != (ssize_t)size) {
		text[0] = '\0';
	}
	(void)close(*fd);
	*fd = -1;
	return text;
}

int spawn_take(struct spawn *p, int status, char **out, char **said) {
	p->pid = 0;
	*out = read_all(&p->out);
	*said = read_all(&p->said);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

pid_t spawn_launch(const char *const *argv, const char *const *environment, const struct pg_user *user,
    int log, int farewell) {
	int fds[3] = {open("/dev/null", O_RDONLY | O_CLOEXEC), log, log};
	pid_t pid = launch(
	    &(struct child_program){
		.file = argv[0], .argv = argv, .environment = environment, .fds = fds, .folder = -1},
	    user, farewell);

	(void)close(fds[0]);
	return pid;
}

bool spawn_await(pid_t pid, int64_t patience, int *status) {
	int64_t limit = clock_steady() + patience;

	for (;;) {
		pid_t got = waitpid(pid, status, WNOHANG);

		if (got == pid || (got < 0 && errno == ECHILD)) {
			return true;
		}
		if (clock_passed(limit)) {
			return false;
		}
		(void)poll(NULL, 0, LOOK_MS);
	}
}

bool spawn_run(const char *const *argv, const struct pg_user *user, int log, int64_t patience) {
	static const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=/", NULL};
	pid_t pid = spawn_launch(argv, environment, user, log, SIGKILL);
	int status = -1;

	if (pid < 0) {
		return false;
	}
	if (!spawn_await(pid, patience, &status)) {
		(void)kill(-pid, SIGKILL);
		(void)waitpid(pid, &status, 0);
		return false;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
