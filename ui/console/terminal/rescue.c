#include "ui/console/terminal/rescue.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Those whose default is the end, and that the loop does not read. */
static const int fatal[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP, SIGUSR1, SIGUSR2,
    SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ, SIGIO, SIGPWR};

enum { FATAL = sizeof fatal / sizeof *fatal };

/* A signal's handler gets nothing from its caller, so that this, alone in the program, is a variable of the
 * file. */
static struct {
	struct termios modes;
	char bytes[256];
	struct sigaction before[FATAL];
} rescue;

/* Calls nothing but what a handler may call. What the kernel found wrong happens again when this returns;
 * what was sent must be sent again. */
static void give_back(int number, siginfo_t *info, void *context) {
	(void)context;
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &rescue.modes);
	if (write(STDOUT_FILENO, rescue.bytes, strlen(rescue.bytes)) < 0) {
		/* The terminal has gone, and needs nothing. */
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
