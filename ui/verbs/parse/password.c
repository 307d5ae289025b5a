#include "ui/verbs/parse/password.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "db/base/err.h"

/* Invariant: while the terminal does not show typed text, these signals are blocked, and read from the
 * descriptor. */
struct silence {
	FILE *tty;
	struct termios shown, silent;
	sigset_t watched, before;
	int signals;
};

static bool begin(struct silence *s) {
	static const int numbers[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGALRM, SIGUSR1, SIGUSR2};

	(void)sigemptyset(&s->watched);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		(void)sigaddset(&s->watched, numbers[i]);
	}
	s->signals = signalfd(-1, &s->watched, SFD_CLOEXEC);
	s->tty = fopen("/dev/tty", "r+e");
	if (s->signals < 0 || s->tty == NULL || tcgetattr(fileno(s->tty), &s->shown) != 0) {
		return false;
	}
	s->silent = s->shown;
	s->silent.c_lflag &= ~(tcflag_t)ECHO;
	return true;
}

static void end(struct silence *s) {
	if (s->tty != NULL) {
		(void)fclose(s->tty);
	}
	if (s->signals >= 0) {
		(void)close(s->signals);
	}
}

static void hush(struct silence *s) {
	(void)sigprocmask(SIG_BLOCK, &s->watched, &s->before);
	(void)fputs("Password: ", s->tty);
	(void)fflush(s->tty);
	(void)tcsetattr(fileno(s->tty), TCSAFLUSH, &s->silent);
}

/* Shows typed text again, and ends the line. */
static void show(struct silence *s) {
	(void)tcsetattr(fileno(s->tty), TCSAFLUSH, &s->shown);
	(void)fputc('\n', s->tty);
	(void)fflush(s->tty);
	(void)sigprocmask(SIG_SETMASK, &s->before, NULL);
}

/* Waits for a line, or for the end of the terminal. */
static void wait_for_line(struct silence *s) {
	struct pollfd fds[] = {
	    {.fd = fileno(s->tty), .events = POLLIN}, {.fd = s->signals, .events = POLLIN}};
	struct signalfd_siginfo info;

	while (poll(fds, 2, -1) >= 0 && fds[1].revents != 0) {
		if (read(s->signals, &info, sizeof info) == (ssize_t)sizeof info) {
			show(s);
			(void)raise((int)info.ssi_signo);
			hush(s); /* continues after a stop */
		}
	}
}

bool password_ask(char **password, struct err *err) {
	struct silence s = {.signals = -1};
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	if (!begin(&s)) {
		end(&s);
		return err_set(err, ERR_INVALID_INPUT, "-W: there is no terminal to ask on");
	}
	hush(&s);
	wait_for_line(&s);
	n = getline(&line, &room, s.tty);
	show(&s);
	end(&s);
	if (n < 0) {
		free(line);
		return err_set(err, ERR_INVALID_INPUT, "-W: no password was given");
	}
	line[strcspn(line, "\n")] = '\0';
	*password = line;
	return true;
}
