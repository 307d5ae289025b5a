#include "tests/bench/peer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/stage.h"

/* In the child: runs tests/bench/peer.mjs in the folder of the peer, with its output to `out`. The tests have
 * few programs in their path; node is in the user's. */
_Noreturn static void run(const struct stage *s, const char *folder, int jobs, int out) {
	struct conn_options options = stage_options(s);
	const char *path = getenv("BERTH_TEST_PATH");
	char *script = realpath("tests/bench/peer.mjs", NULL);
	char count[16];

	(void)snprintf(count, sizeof count, "%d", jobs);
	if (script != NULL && dup2(out, STDOUT_FILENO) >= 0 && chdir(folder) == 0 &&
	    setenv("PGHOST", options.values[0], 1) == 0 && setenv("PGUSER", options.values[1], 1) == 0 &&
	    setenv("PGDATABASE", options.values[2], 1) == 0 &&
	    (path == NULL || setenv("PATH", path, 1) == 0)) {
		execlp("node", "node", "--no-warnings", script, count, (char *)NULL);
	}
	_exit(127);
}

/* Returns the number in the first line of a child's output, or NAN. Closes it. */
static double number_from(int fd) {
	FILE *answer = fdopen(fd, "r");
	char line[64];
	char *end = line;
	double number = NAN;

	if (answer == NULL) {
		(void)close(fd);
		return NAN;
	}
	if (fgets(line, sizeof line, answer) != NULL) {
		number = strtod(line, &end);
	}
	(void)fclose(answer);
	return end == line ? NAN : number;
}

double peer_rate(const struct stage *s, int jobs) {
	const char *folder = getenv("BERTH_PEER");
	double rate;
	int ends[2];
	pid_t pid;

	if (folder == NULL || pipe(ends) != 0) {
		return NAN;
	}
	pid = fork();
	if (pid == 0) {
		run(s, folder, jobs, ends[1]);
	}
	(void)close(ends[1]);
	rate = number_from(ends[0]);
	if (pid > 0) {
		(void)waitpid(pid, NULL, 0);
	}
	if (isnan(rate)) {
		(void)fprintf(stderr, "bench: the peer in %s has not answered\n", folder);
	}
	return rate;
}
