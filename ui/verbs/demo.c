#include "ui/verbs/verb.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "db/base/id.h"
#include "db/base/mem.h"
#include "db/schema/migrate.h"
#include "db/server/server.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/verbs/parse/connection.h"
#include "ui/verbs/demo_data.h"
#include "ui/verbs/demo_keeper.h"
#include "ui/launcher.h"

/* Blocks or allows the signals that interrupt a demo. They wait until the console can handle them, and again
 * while the demo is removed, so that nothing is left behind. */
static void hold_signals(int how) {
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGQUIT);
	(void)sigprocmask(how, &set, NULL);
}

static bool was_interrupted(void) {
	sigset_t set;

	(void)sigpending(&set);
	return sigismember(&set, SIGINT) == 1 || sigismember(&set, SIGTERM) == 1 ||
	       sigismember(&set, SIGHUP) == 1 || sigismember(&set, SIGQUIT) == 1;
}

static bool show(struct run *run, struct demo_keeper *keeper, struct err *err) {
	bool ok = true;

	if (opt(run->args, OPT_ONCE) == NULL) {
		demo_keeper_work(keeper);
	}
	if (!was_interrupted()) {
		hold_signals(SIG_UNBLOCK);
		ok = launcher_tour(run, err);
		hold_signals(SIG_BLOCK);
	}
	return ok;
}

static bool fill_and_show(
    struct run *run, struct server *server, struct demo_keeper *keeper, struct err *err) {
	struct connect connect;
	struct migration done;
	bool ok;

	connect_to(&connect, server);
	ok = migrate(&connect.options, MIGRATE_APPLY, 0, &done, err);
	if (ok) {
		migration_release(&done);
		run->conn = conn_new(&connect.options);
		run->options = &connect.options;
		run->connect = &connect;
		ok = demo_load(run, keeper->seed, err) && show(run, keeper, err);
		conn_free(run->conn);
		run->conn = NULL;
		run->options = NULL;
		run->connect = NULL;
	}
	connect_release(&connect);
	return ok;
}

static bool hook_write(const char *path, struct err *err) {
	FILE *file = fopen(path, "we");
	bool ok = file != NULL && fputs(demo_hook_text, file) >= 0;

	ok = file != NULL && fclose(file) == 0 && ok && chmod(path, 0700) == 0;
	return ok || err_set(err, ERR_UNAVAILABLE, "%s cannot be written", path);
}

static bool start_by(struct server *server, int64_t deadline, struct err *err) {
	bool ok;

	server_set_temporary(server);
	server_set_deadline(server, deadline);
	ok = server_start(server, err);
	server_set_deadline(server, TIME_NONE); /* removing it has no time limit */
	return ok;
}

static bool with_keeper(struct run *run, struct demo_keeper *keeper, struct err *err) {
	char *place = mem_print("%s/" DEMO_SERVER, keeper->folder);
	char *hooks = mem_print("%s/" DEMO_HOOKS, keeper->folder);
	char *hook = mem_print("%s/" DEMO_HOOK, hooks);
	struct server *server = NULL;
	bool ok = (mkdir(hooks, 0700) == 0 || err_set(err, ERR_UNAVAILABLE, "%s cannot be created", hooks)) &&
		  hook_write(hook, err) && server_open(place, &server, err) &&
		  start_by(server, run->deadline, err) && fill_and_show(run, server, keeper, err);

	server_close(server);
	free(hook);
	free(hooks);
	free(place);
	return ok;
}

static bool run_demo(struct run *run, struct err *err) {
	const char *tmp = getenv("TMPDIR");
	char *folder = mem_print("%s/berth-demo-XXXXXX", tmp == NULL || tmp[0] != '/' ? "/tmp" : tmp);
	struct demo_keeper keeper;
	struct err ignored = {0};
	int64_t seed = 0;
	bool ok = opt_int(run->args, OPT_SEED, 0, INT32_MAX, 1, &seed, err) && launcher_check(run, err);

	if (ok && mkdtemp(folder) == NULL) {
		ok = err_set(err, ERR_UNAVAILABLE, "%s: the folder of the demo cannot be created", folder);
	} else if (ok) {
		hold_signals(SIG_BLOCK);
		(void)setenv("BERTH_ENV", "demo", 0);
		ok = demo_keeper_start(&keeper, folder, seed, err);
		if (ok) {
			ok = with_keeper(run, &keeper, err);
			ok = demo_keeper_end(&keeper, ok ? err : &ignored) && ok;
		} else {
			(void)rmdir(folder);
		}
		hold_signals(SIG_UNBLOCK);
	}
	err_release(&ignored);
	free(folder);
	return ok;
}

const struct verb demo_verbs[] = {
    {
	.words = "demo",
	.examples = "berth demo\n"
		    "berth demo --once pools\n",
	.synopsis = "",
	.summary = "open the console on a private server with live sample data",
	.notes = "A worker and some traffic run beside the console, and a tour leads through five steps.\n"
		 "The server and its data are removed at the end, however that comes. With --once SCREEN it\n"
		 "prints that screen.\n",
	.options = (const enum option_id[]){OPT_SEED, OPT_END},
	.flags = VERB_OFFLINE,
	.run = run_demo,
    },
    {0},
};
