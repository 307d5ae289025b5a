#include "ui/verbs/demo_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/conn/conn.h"
#include "db/server/server.h"
#include "ui/verbs/demo_data.h"
#include "ui/verbs/demo_traffic.h"
#include "ui/verbs/parse/connection.h"
#include "ui/worker/worker.h"

enum {
	WORKS = 40000, /* milliseconds of work of the worker */
	LAGS = 12000,  /* and of a pause after it; less than three heartbeats, so that it counts as alive */
	HEARTBEAT = 5, /* seconds */
	AGAIN = 100,   /* milliseconds between two tries to remove the folder */
	PATIENCE = 30  /* seconds for all tries */
};

/* The keeper's own state. */
struct keep {
	const char *folder;
	int64_t seed;
	int line; /* the keeper's end of the pipe */
	struct server *server;
	struct connect connect;
	pid_t worker; /* 0: not started */
	pid_t traffic;
	bool lags;
};

static char *part(const char *folder, const char *name) {
	return mem_print("%s/%s", folder, name);
}

/* Removes the server and the hooks, as far as they are there. */
static bool remove_parts(const char *folder, struct err *err) {
	char *place = part(folder, DEMO_SERVER);
	char *hooks = part(folder, DEMO_HOOKS);
	char *hook = part(hooks, DEMO_HOOK);
	struct server *server = NULL;
	bool ok = server_open(place, &server, err);

	if (ok) {
		server_set_temporary(server);
		ok = server_remove(server, err);
	}
	server_close(server);
	(void)unlink(hook);
	(void)rmdir(hooks);
	free(hook);
	free(hooks);
	free(place);
	return ok;
}

/* Removes the folder. Programs that a killed console has left may still be at work in it, so it tries again.
 */
static bool remove_folder(const char *folder, struct err *err) {
	int64_t end = clock_steady() + PATIENCE * TIME_SECOND;

	for (;;) {
		if (remove_parts(folder, err) && (rmdir(folder) == 0 || errno == ENOENT)) {
			return true;
		}
		if (clock_passed(end)) {
			return err_set(err, ERR_IN_USE, "folder %s of the demo cannot be removed", folder);
		}
		err_release(err);
		(void)poll(NULL, 0, AGAIN);
	}
}

static void make_traffic(const struct keep *keep) {
	demo_traffic_run(&keep->connect.options, keep->seed);
}

static void work(const struct keep *keep) {
	char *hooks = part(keep->folder, DEMO_HOOKS);
	struct worker_options options = {.conn = conn_new(&keep->connect.options),
	    .deadline = TIME_NONE,
	    .self = {.name = "demo",
		.host = "localhost",
		.pid = getpid(),
		.started = clock_now(),
		.heartbeat = HEARTBEAT * TIME_SECOND,
		.hooks = true,
		.chunk = 500,
		.deadline = 10 * TIME_SECOND,
		.retry = TIME_SECOND,
		.tries = 3},
	    .hooks = hooks,
	    .jobs = 4};
	struct err err = {0};

	if (!worker_run(&options, &err)) {
		err_release(&err);
	}
	conn_free(options.conn);
	free(hooks);
}

/* Starts a process that dies with the keeper, also while it is stopped. */
static pid_t start(void (*what)(const struct keep *), const struct keep *keep) {
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0) {
		sigset_t none;

		(void)close(keep->line);
		(void)sigemptyset(&none);
		(void)sigprocmask(SIG_SETMASK, &none, NULL);
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent) {
			what(keep);
		}
		_exit(0);
	}
	return pid > 0 ? pid : 0;
}

static void kill_one(pid_t pid) {
	if (pid > 0) {
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, NULL, 0);
	}
}

static void start_both(struct keep *keep) {
	char *place = part(keep->folder, DEMO_SERVER);
	struct err err = {0};

	if (server_open(place, &keep->server, &err)) {
		connect_to(&keep->connect, keep->server);
		keep->worker = start(work, keep);
		keep->traffic = start(make_traffic, keep);
	}
	err_release(&err);
	free(place);
}

/* Stops the worker for a while, or lets it go on. */
static void turn(struct keep *keep) {
	keep->lags = !keep->lags;
	(void)kill(keep->worker, keep->lags ? SIGSTOP : SIGCONT);
}

/* Serves the pipe until the console's process has ended. */
static void attend(struct keep *keep) {
	for (;;) {
		struct pollfd fd = {.fd = keep->line, .events = POLLIN};
		int n = poll(&fd, 1, keep->worker == 0 ? -1 : keep->lags ? LAGS : WORKS);
		char word;

		if (n == 0) {
			turn(keep);
		} else if (n > 0 && read(keep->line, &word, 1) == 1) {
			start_both(keep);
		} else if (n > 0) {
			return;
		}
	}
}

/* Leaves the terminal to the console: its signals and its files. */
static void detach(void) {
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setsid();
	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++) {
		(void)dup2(null, fd);
	}
}

/* Keeps the demo, in a process of its own. Returns its exit code. */
static int keep_all(struct keep *keep) {
	struct err err = {0};
	sigset_t all;
	bool ok;

	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
	detach();
	attend(keep);
	kill_one(keep->traffic);
	kill_one(keep->worker);
	server_close(keep->server);
	ok = remove_folder(keep->folder, &err);
	err_release(&err);
	return ok ? 0 : 1;
}

bool demo_keeper_start(struct demo_keeper *keeper, const char *folder, int64_t seed, struct err *err) {
	int ends[2];

	*keeper = (struct demo_keeper){.folder = folder, .seed = seed, .line = -1};
	if (pipe2(ends, O_CLOEXEC) != 0 || (keeper->pid = fork()) < 0) {
		return err_set(err, ERR_UNAVAILABLE, "the demo cannot start a process");
	}
	if (keeper->pid == 0) {
		(void)close(ends[1]);
		_exit(keep_all(&(struct keep){.folder = folder, .seed = seed, .line = ends[0]}));
	}
	(void)close(ends[0]);
	keeper->line = ends[1];
	return true;
}

void demo_keeper_work(struct demo_keeper *keeper) {
	while (write(keeper->line, "w", 1) < 0 && errno == EINTR) {
	}
}

bool demo_keeper_end(struct demo_keeper *keeper, struct err *err) {
	int status = 0;

	(void)close(keeper->line);
	while (waitpid(keeper->pid, &status, 0) < 0 && errno == EINTR) {
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		return true;
	}
	return remove_folder(keeper->folder, err); /* the keeper was killed, or could not */
}
