#include "db/base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 8 };

/* Puts the descriptors at 0 to n - 1 and closes all others. The two ranges may overlap, so all are copied out
 * of the way first. */
static bool place_descriptors(const int *fds, int n) {
	int from[MOST];

	for (int i = 0; i < n; i++) {
		from[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, MOST);
	}
	for (int i = 0; i < n; i++) {
		if (from[i] < 0 || dup2(from[i], i) < 0) {
			return false;
		}
	}
	return close_range((unsigned)n, ~0U, 0) == 0;
}

static void reset_signals(void) {
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++) {
		(void)signal(sig, SIG_DFL);
	}
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Runs in the child, so it calls only functions that are safe after fork(). The working directory is entered
 * by its descriptor, so that it is the one that was checked. */
__attribute__((noreturn)) static void run(const struct child_program *program, pid_t parent) {
	char *const *argv;
	char *const *environment;

	/* execve() does not change the strings, whatever its type says. */
	memcpy(&argv, &program->argv, sizeof argv);
	memcpy(&environment, &program->environment, sizeof environment);
	reset_signals();
	(void)setpgid(0, 0);
	if (program->ends_with_parent) {
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	}
	if ((!program->ends_with_parent || getppid() == parent) &&
	    (program->folder < 0 ? chdir("/") : fchdir(program->folder)) == 0 &&
	    place_descriptors(program->fds, program->count) &&
	    (program->prepare == NULL || program->prepare(program->context))) {
		(void)execve(program->file, argv, environment);
	}
	(void)dprintf(STDERR_FILENO, "cannot be run: %s\n", strerror(errno));
	_exit(127);
}

bool child_start(struct child *child, const struct child_program *program) {
	pid_t parent = getpid();

	child->pid = fork();
	if (child->pid == 0) {
		run(program, parent);
	}
	if (child->pid < 0) {
		return false;
	}
	(void)setpgid(child->pid, child->pid); /* the child does so too: either may be first */
	child->handle = pidfd_open(child->pid, 0);
	if (child->handle < 0) {
		int why = errno;

		(void)child_signal(child, SIGKILL);
		(void)child_reap(child);
		errno = why;
		return false;
	}
	return true;
}

bool child_signal(const struct child *child, int sig) {
	return kill(-child->pid, sig) == 0;
}

int child_reap(struct child *child) {
	int status = -1;

	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
	}
	if (child->handle >= 0) {
		(void)close(child->handle);
	}
	child->handle = -1;
	return status;
}

int child_input(const char *text) {
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd >= 0 &&
	    (write(fd, text, strlen(text)) != (ssize_t)strlen(text) || lseek(fd, 0, SEEK_SET) != 0)) {
		(void)close(fd);
		return -1;
	}
	return fd;
}
