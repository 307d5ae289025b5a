#include "ui/verbs/verb.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/name.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/worker/hook_dir.h"
#include "ui/worker/worker.h"

/* A worker sends no heartbeat while a chunk runs, so that with a larger one it would look dead. */
enum { CHUNK = 500, CHUNK_MOST = 5000, JOBS = 8, JOBS_MOST = 256, ATTEMPTS = 5, ATTEMPTS_MOST = 1000000 };

/* The time options of a worker, each with its default and its least sensible value: microseconds. */
struct span {
	enum option_id option;
	int64_t fallback;
	int64_t least;
	int64_t most;
};
static const struct span hook_deadline = {OPT_HOOK_DEADLINE, 30 * TIME_SECOND, 1000, 7 * 86400 * TIME_SECOND};
static const struct span retry_base = {OPT_RETRY_BASE, TIME_SECOND, 0, 3600 * TIME_SECOND};
static const struct span heartbeat = {OPT_HEARTBEAT, 2 * TIME_SECOND, 100000, 3600 * TIME_SECOND};

static bool read_span(const struct args *args, const struct span *span, int64_t *us, struct err *err) {
	if (!opt_duration(args, span->option, span->fallback, us, err)) {
		return false;
	}
	if (*us >= span->least && *us <= span->most) {
		return true;
	}
	return err_set(err, ERR_INVALID_INPUT, "--%s: too %s", option_specs[span->option].name,
	    *us < span->least ? "short" : "long");
}

static bool read_self(const struct args *args, struct worker_self *self, struct err *err) {
	self->name = opt(args, OPT_NAME);
	self->pid = getpid();
	self->started = clock_now();
	return (self->name == NULL || name_check("worker", self->name, err) || opt_blame(OPT_NAME, err)) &&
	       opt_int(args, OPT_CHUNK, 1, CHUNK_MOST, CHUNK, &self->chunk, err) &&
	       opt_int(args, OPT_ATTEMPTS, 1, ATTEMPTS_MOST, ATTEMPTS, &self->tries, err) &&
	       read_span(args, &hook_deadline, &self->deadline, err) &&
	       read_span(args, &retry_base, &self->retry, err) &&
	       read_span(args, &heartbeat, &self->heartbeat, err);
}

static bool read_options(
    const struct args *args, struct worker_options *options, char **hooks, struct err *err) {
	const char *folder = opt(args, OPT_HOOKS);
	int64_t jobs = 0;

	if (!read_self(args, &options->self, err) ||
	    !opt_int(args, OPT_JOBS, 1, JOBS_MOST, JOBS, &jobs, err) ||
	    (folder != NULL && !hook_dir_find(folder, hooks, err))) {
		return false;
	}
	options->jobs = (size_t)jobs;
	options->hooks = *hooks;
	options->self.hooks = folder != NULL;
	options->until_idle = opt_given(args, OPT_UNTIL_IDLE);
	return true;
}

/* Returns the host's name as a part of a worker's name: invalid characters become a dash. */
static char *host_name(void) {
	char host[HOST_NAME_MAX + 1] = "";

	(void)gethostname(host, sizeof host - 1);
	for (char *c = host; *c != '\0'; c++) {
		bool letter =
		    (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');

		if (!letter && (c == host || strchr("._-", *c) == NULL)) {
			*c = c == host ? 'x' : '-';
		}
	}
	return mem_text(host[0] == '\0' ? "host" : host);
}

/* Prints a message of the worker as any verb does. */
static void report(const void *context, enum report_level level, const char *text) {
	run_report(context, level, text);
}

static bool run_worker(struct run *run, struct err *err) {
	struct worker_options options = {.conn = run->conn,
	    .deadline = run->deadline,
	    .read_only = opt_given(run->args, OPT_READ_ONLY),
	    .report = report,
	    .context = run};
	char *host = host_name();
	char *name = mem_print("%s:%ld", host, (long)getpid());
	char *hooks = NULL;
	bool ok = read_options(run->args, &options, &hooks, err);

	options.self.host = host;
	options.self.name = options.self.name == NULL ? name : options.self.name;
	ok = ok && (worker_run(&options, err) || run_explain(run, err));
	free(hooks);
	free(name);
	free(host);
	return ok;
}

const struct verb worker_verbs[] = {
    {
	.words = "worker",
	.examples = "berth worker --hooks /etc/berth/hooks\n"
		    "berth worker --until-idle\n",
	.synopsis = "",
	.summary = "consume the queue until stopped",
	.notes = "--name is by default HOST:PID; a live worker's name is refused.\n"
		 "A hook is an executable file in --hooks DIR that only its owner may write; it gets its "
		 "path, activate\n"
		 "or release, the lease's id and its value as arguments and one JSON line on its standard "
		 "input, and\n"
		 "exits with 0 on success. It may run more than once. Without --hooks DIR other workers run "
		 "them.\n"
		 "On SIGTERM it claims nothing more, gives hooks 10 s to end, and exits with 0.\n",
	.options = (const enum option_id[]){OPT_UNTIL_IDLE, OPT_NAME, OPT_HOOKS, OPT_CHUNK, OPT_JOBS,
	    OPT_HOOK_DEADLINE, OPT_RETRY_BASE, OPT_ATTEMPTS, OPT_HEARTBEAT, OPT_END},
	.flags = VERB_WORKS,
	.run = run_worker,
    },
    {0},
};
