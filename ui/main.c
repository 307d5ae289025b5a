/*
 * The program: parses the arguments and runs a verb or the console.
 */
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/base/clock.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/verb.h"
#include "ui/verbs/help.h"
#include "ui/cli/fleet.h"
#include "ui/cli/hint.h"
#include "ui/cli/perform.h"
#include "ui/verbs/parse/opt.h"
#include "ui/text/report.h"
#include "ui/cli/run.h"
#include "ui/cli/standby.h"
#include "ui/verbs/parse/connection.h"
#include "ui/config/config.h"
#include "ui/launcher.h"

static enum safe_form form_of(const struct args *args) {
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;

	return opt_given(args, OPT_ASCII) || !utf8 ? SAFE_ASCII : SAFE_UTF8;
}

/* Gives a run its connection for reads, if it has one: a verb or a printed screen moves there, and the
 * console has both. */
static void find_standby(struct run *run, struct connect *reads) {
	const struct verb *verb = run->args->verb;

	if ((verb != NULL && !verb_reads(verb)) ||
	    !connect_reads(reads, run->connect, run->args, run->profile)) {
		return;
	}
	if (verb != NULL || opt_given(run->args, OPT_ONCE)) {
		standby_use(run, &reads->options);
	} else {
		run->reads = &reads->options;
	}
}

/* Runs a face with a connection, which is opened when it is first used. */
static bool run_connected(struct run *run, bool (*face)(struct run *, struct err *), struct err *err) {
	struct connect connect = {0}, reads = {0};
	const struct verb *verb = run->args->verb;
	bool only_looks = opt_given(run->args, OPT_CHECK) || opt_given(run->args, OPT_DRY_RUN) ||
			  opt_given(run->args, OPT_READ_ONLY);
	struct connect_wish request = {
	    .make = verb != NULL && (verb->flags & VERB_SCHEMALESS) != 0 && !only_looks,
	    .deadline = run->deadline,
	};
	bool ok = connect_init(&connect, run->args, run->profile, &request, err);

	if (ok) {
		struct run connected = *run;

		connected.options = &connect.options;
		connected.connect = &connect;
		connected.conn = conn_new(&connect.options);
		find_standby(&connected, &reads);
		ok = face(&connected, err);
		conn_free(connected.conn);
		run->exit = connected.exit;
	}
	connect_release(&connect);
	return ok;
}

/* Returns whether the arguments are for the fleet of the configuration. */
static bool is_fleet(const struct run *run, const struct config *config) {
	const struct verb *verb = run->args->verb;

	return run->args->profile != NULL && config_is_fleet(config, run->args->profile) &&
	       (verb == NULL || (verb->flags & VERB_OFFLINE) == 0);
}

/* Asks the databases of the fleet, or shows them. */
static bool run_fleet(struct run *run, const struct config *config, struct err *err) {
	bool ok;

	if (!fleet_check(run, config, err)) {
		return false;
	}
	if (run->args->verb != NULL) {
		return fleet_perform(run, config, err);
	}
	if (opt_given(run->args, OPT_KEYS)) {
		return launcher_keys(run, err);
	}
	run->fleet = config;
	ok = launcher_check(run, err) && launcher_console(run, err);
	conn_free(run->conn); /* of the environment that was shown last */
	return ok;
}

static bool dispatch(
    struct run *run, const struct config *config, const struct profile *profile, struct err *err) {
	const struct verb *verb = run->args->verb;

	run->profile = profile;
	if (opt_given(run->args, OPT_HELP)) {
		return help_asked(run, err);
	}
	if (is_fleet(run, config)) {
		return run_fleet(run, config, err);
	}
	if (verb == NULL) {
		return opt_given(run->args, OPT_KEYS)
			   ? launcher_keys(run, err)
			   : launcher_check(run, err) && run_connected(run, launcher_console, err);
	}
	if ((verb->flags & VERB_OFFLINE) != 0) {
		return perform(run, err);
	}
	return run_connected(run, perform, err);
}

/* Reads the profile that the arguments name, and gives them its defaults. */
static bool find_profile(
    struct args *args, struct config *config, const struct profile **profile, struct err *err) {
	if (args->profile != NULL) {
		if (!config_read(config, err)) {
			return false;
		}
		if (config_is_fleet(config, args->profile)) {
			return true;
		}
		*profile = config_profile(config, args->profile, err);
		if (*profile == NULL) {
			return false;
		}
	}
	return connect_default(args, *profile, err);
}

/* Opens closed standard descriptors in an unusable mode. Else the next file opened, such as the socket to the
 * server, would get the number, and output would go there. */
static void fill_standard_files(void) {
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
		}
	}
}

/* Returns true when the reader of our output is gone: `berth ... | head -1`. */
static bool reader_left(void) {
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return ferror(stdout) != 0 && poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/* Ends by SIGPIPE, as any program in a pipe. */
static void end_by_pipe(void) {
	(void)signal(SIGPIPE, SIG_DFL);
	(void)raise(SIGPIPE);
}

int main(int argc, char **argv) {
	struct args args = {0};
	struct err err = {0};
	struct run run = {0};
	struct config config = {0};
	const struct profile *profile = NULL;
	bool ok, left;

	fill_standard_files();
	(void)setlocale(LC_ALL, "");
	(void)setlocale(LC_NUMERIC, "C");
	(void)signal(SIGPIPE, SIG_IGN);
	ok = args_parse(argc, argv, verbs, ARGS_PROGRAM, &args, &err) &&
	     find_profile(&args, &config, &profile, &err) &&
	     run_init(&run, &args, verbs, stdout, stderr, form_of(&args), clock_steady(), &err) &&
	     dispatch(&run, &config, profile, &err) && output_flush(stdout, &err);
	left = !ok && reader_left();
	if (!ok && !left) {
		hint_connect(&args, verbs, &err);
		run.exit = report_error(stderr, form_of(&args), args_want_json(argc, argv), &err);
	}
	args_release(&args);
	config_release(&config);
	err_release(&err);
	if (left) {
		end_by_pipe();
	}
	return run.exit;
}
