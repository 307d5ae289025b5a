#include "ui/cli/families.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/conn.h"
#include "db/err.h"
#include "db/id.h"
#include "db/mem.h"
#include "db/migrate.h"
#include "db/server.h"
#include "ui/cli/args.h"
#include "ui/cli/opt.h"
#include "ui/cli/run.h"
#include "ui/connect.h"
#include "ui/demo.h"
#include "ui/face.h"

/* Whoever interrupts a demo wants it gone without a trace: until there is a
 * console to hear them, and again while things are removed, these wait. */
static void hold_signals(int how) {
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGHUP);
	(void)sigprocmask(how, &set, NULL);
}

static bool was_interrupted(void) {
	sigset_t set;

	(void)sigpending(&set);
	return sigismember(&set, SIGINT) == 1 || sigismember(&set, SIGTERM) == 1 ||
	       sigismember(&set, SIGHUP) == 1;
}

/* A process of its own, which ends with this one. */
static pid_t start_feeding(const struct connect *connect, int64_t seed) {
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0) {
		hold_signals(SIG_UNBLOCK);
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() == parent) {
			demo_feed(&connect->options, seed);
		}
		_exit(0);
	}
	return pid;
}

static void stop_feeding(pid_t pid) {
	if (pid > 0) {
		(void)kill(pid, SIGTERM);
		(void)waitpid(pid, NULL, 0);
	}
}

static bool show(struct run *run, const struct connect *connect, int64_t seed, struct err *err) {
	pid_t feeder = start_feeding(connect, seed);
	bool ok = true;

	if (!was_interrupted()) {
		hold_signals(SIG_UNBLOCK);
		ok = face_console(run, err);
		hold_signals(SIG_BLOCK);
	}
	stop_feeding(feeder);
	return ok;
}

static bool fill_and_show(struct run *run, struct server *server, int64_t seed, struct err *err) {
	struct connect connect;
	struct migration done;
	bool ok;

	connect_to(&connect, server);
	ok = migrate(&connect.options, MIGRATE_APPLY, 0, &done, err);
	if (ok) {
		run->conn = conn_new(&connect.options);
		ok = demo_load(run->conn, seed, err) && show(run, &connect, seed, err);
		conn_free(run->conn);
		run->conn = NULL;
	}
	connect_release(&connect);
	return ok;
}

static bool with_folder(struct run *run, const char *folder, int64_t seed, struct err *err) {
	char *place = mem_print("%s/server", folder);
	struct server *server = NULL;
	struct err ignored = {0};
	bool ok = server_open(place, &server, err) && server_start(server, err) &&
		  fill_and_show(run, server, seed, err);

	if (server != NULL && !server_remove(server, ok ? err : &ignored)) {
		ok = false;
	}
	err_release(&ignored);
	server_close(server);
	free(place);
	return ok;
}

static bool run_demo(struct run *run, struct err *err) {
	const char *tmp = getenv("TMPDIR");
	char *folder = mem_print("%s/berth-demo-XXXXXX", tmp == NULL || tmp[0] != '/' ? "/tmp" : tmp);
	int64_t seed = 0;
	bool ok = opt_int(run->args, OPT_SEED, 0, INT32_MAX, 1, &seed, err) && face_check(run, err);

	if (ok && mkdtemp(folder) == NULL) {
		ok = err_set(err, ERR_UNAVAILABLE, "%s: no folder for the demo could be made", folder);
	} else if (ok) {
		hold_signals(SIG_BLOCK);
		(void)setenv("BERTH_ENV", "demo", 0);
		ok = with_folder(run, folder, seed, err);
		(void)rmdir(folder);
		hold_signals(SIG_UNBLOCK);
	}
	free(folder);
	return ok;
}

const struct command command_demo = {
    .words = "demo",
    .synopsis = "",
    .summary = "open the console on a private server with sample data that moves",
    .notes = "Server and data are gone when it ends. With --once SCREEN it prints that screen.\n",
    .options = (const enum option_id[]){OPT_SEED, OPT_END},
    .flags = COMMAND_OFFLINE,
    .run = run_demo,
};
