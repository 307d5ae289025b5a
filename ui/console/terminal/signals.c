#include "ui/console/terminal/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

static const int numbers[SIGNALS] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT, SIGQUIT};

static sigset_t wanted(void) {
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < SIGNALS; i++) {
		(void)sigaddset(&set, numbers[i]);
	}
	return set;
}

bool signals_start(struct signals *s) {
	sigset_t set = wanted();

	if (sigprocmask(SIG_BLOCK, &set, &s->before) != 0) {
		return false;
	}
	s->fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (s->fd < 0) {
		(void)sigprocmask(SIG_SETMASK, &s->before, NULL);
		return false;
	}
	for (size_t i = 0; i < SIGNALS; i++) {
		(void)sigaction(numbers[i], NULL, &s->actions[i]);
	}
	return true;
}

int signals_stop(struct signals *s) {
	int last = 0;
	int number;

	while ((number = signals_read(s)) != 0) {
		if (number == SIGTERM || number == SIGHUP || number == SIGQUIT) {
			last = number;
		}
	}
	(void)close(s->fd);
	for (size_t i = 0; i < SIGNALS; i++) {
		(void)sigaction(numbers[i], &s->actions[i], NULL);
	}
	(void)sigprocmask(SIG_SETMASK, &s->before, NULL);
	return last;
}

int signals_read(const struct signals *s) {
	struct signalfd_siginfo info;

	return read(s->fd, &info, sizeof info) == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

void signals_suspend(bool job) {
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTSTP);
	if (job) {
		/* In raw mode the terminal does not send it. It stops us when it is unblocked. */
		struct sigaction plain = {.sa_handler = SIG_DFL};
		struct sigaction before;

		(void)sigaction(SIGTSTP, &plain, &before);
		(void)kill(0, SIGTSTP);
		(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
		(void)sigprocmask(SIG_BLOCK, &set, NULL);
		(void)sigaction(SIGTSTP, &before, NULL);
	} else {
		(void)raise(SIGSTOP);
	}
}
