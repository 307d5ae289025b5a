#include "db/server/child.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST = 8 };

/* They may overlap with where they are to go, so all move out of the way first. */
bool child_descriptors(const int *fds, int n) {
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

void child_signals(void) {
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++) {
		(void)signal(sig, SIG_DFL);
	}
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
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
