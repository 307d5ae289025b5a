#include "ui/console/terminal/rescue.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Signals that end the program by default, and that the loop does not read. */
static const int fatal[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP, SIGUSR1, SIGUSR2,
    SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ, SIGIO, SIGPWR};

enum { FATAL = sizeof fatal / sizeof *fatal };

/* The only file-scope variable of the program: a signal handler has no other way to its data. */
static struct {
	struct termios modes;
	char bytes[256];
	struct sigaction before[FATAL];
} rescue;

/* Restores the terminal; async-signal-safe. A fault of the program happens again on return; a signal that was
 * sent is raised again. */
static void give_back(int number, siginfo_t *info, void *context) {
	(void)context;
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &rescue.modes);
	if (write(STDOUT_FILENO, rescue.bytes, strlen(rescue.bytes)) < 0) {
		/* The terminal is gone. */
	}
	for (size_t i = 0; i < FATAL; i++) {
		(void)sigaction(fatal[i], &rescue.before[i], NULL);
	}
	if (info->si_code <= 0) {
		(void)raise(number);
	}
}

void rescue_start(const struct termios *modes, const char *bytes) {
	struct sigaction action = {.sa_sigaction = give_back, .sa_flags = SA_SIGINFO};

	rescue.modes = *modes;
	(void)snprintf(rescue.bytes, sizeof rescue.bytes, "%s", bytes);
	(void)sigfillset(&action.sa_mask);
	for (size_t i = 0; i < FATAL; i++) {
		(void)sigaction(fatal[i], NULL, &rescue.before[i]);
		if (rescue.before[i].sa_handler != SIG_IGN) {
			(void)sigaction(fatal[i], &action, NULL);
		}
	}
}

void rescue_stop(void) {
	for (size_t i = 0; i < FATAL; i++) {
		(void)sigaction(fatal[i], &rescue.before[i], NULL);
	}
}
