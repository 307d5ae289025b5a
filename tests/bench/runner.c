#include "tests/bench/runner.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/stage.h"

pid_t runner_start(const struct stage *s, const char *berth) {
	struct conn_options options = stage_options(s);
	pid_t pid = fork();

	if (pid < 0) {
		perror("fork");
		exit(1);
	}
	if (pid == 0) {
		execl(berth, berth, "-h", options.values[0], "-U", options.values[1], "-d", options.values[2],
		    "worker", "--name", "bench", "--chunk", "500", "-q", (char *)NULL);
		_exit(127);
	}
	return pid;
}

void runner_stop(pid_t pid) {
	int status = 0;

	(void)kill(pid, SIGTERM);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		(void)fprintf(stderr, "bench: the worker has not ended well\n");
		exit(1);
	}
}

void runner_pause(pid_t pid) {
	(void)kill(pid, SIGSTOP);
}

void runner_resume(pid_t pid) {
	(void)kill(pid, SIGCONT);
}
