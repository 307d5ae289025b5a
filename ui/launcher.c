#include "ui/launcher.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "ui/cli/context.h"
#include "ui/cli/hint.h"
#include "ui/verbs/parse/opt.h"
#include "ui/cli/run.h"
#include "ui/console/console.h"
#include "ui/view_name.h"

/* --color overrides NO_COLOR, which counts when it is not empty. */
static bool is_mono(enum color color) {
	const char *no_color = getenv("NO_COLOR");

	return color == COLOR_NEVER || (color == COLOR_AUTO && no_color != NULL && no_color[0] != '\0');
}

/* Returns the name of the theme: of --theme, else of the configuration. */
static const char *theme_of(const struct args *args, const struct config *config) {
	const char *named = opt(args, OPT_THEME);

	return named != NULL ? named : config->theme != NULL ? config->theme : "dark";
}

/* Checks what the console reads from the user's files, before anything is started. */
static bool check_files(const struct args *args, struct err *err) {
	struct config config = {0};
	bool ok = config_read(&config, err) && console_theme(theme_of(args, &config), err);

	config_release(&config);
	return ok;
}

bool launcher_check(const struct run *run, struct err *err) {
	const char *once = opt(run->args, OPT_ONCE);

	if (once != NULL) {
		/* console_print() has the error for an unknown screen. */
		return view_name_exists(once) || console_print(&(struct console_options){0}, NULL, once, 0,
						     TIME_NONE, run->sink.file, err);
	}
	if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0) {
		err_set(err, ERR_INVALID_INPUT, "the console needs a terminal");
		return err_hint(err, "berth --once pools prints a screen; berth help lists the verbs");
	}
	return check_files(run->args, err);
}

static bool open_or_print(struct run *run, struct console_options *options, struct err *err) {
	const char *once = opt(run->args, OPT_ONCE);
	const char *type = getenv("TERM");

	if (once != NULL) {
		return console_print(options, run->conn, once, 0, run->deadline, run->sink.file, err);
	}
	if (options->linear) {
		return console_lines(options, &run->conn, run->sink.file, err);
	}
	options->terminal = console_terminal(type);
	if (options->terminal != type) {
		run_note(run, "terminal type \"%s\" is unknown; using %s", type, options->terminal);
	}
	return console_run(options, &run->conn, &run->exit, err);
}

static bool launch(struct run *run, bool tour, struct err *err) {
	const struct args *args = run->args;
	const struct profile *profile = run->profile;
	bool by_profile = profile != NULL && profile->read_only; /* see connect_default() */
	char *detail = context_text(NULL);
	struct buf connection = {0};
	struct console_options options = {
	    .environment = run->fleet != NULL ? "fleet"
			   : profile != NULL  ? profile->environment
					      : getenv("BERTH_ENV"),
	    .alarm = profile != NULL ? profile->alarm : ALARM_NONE,
	    .detail = detail,
	    .conn = run->options,
	    .connect = run->connect,
	    .reads = run->reads,
	    .fleet = run->fleet,
	    .ascii = run->sink.form == SAFE_ASCII,
	    .read_only = opt_given(args, OPT_READ_ONLY),
	    .always_read_only = opt_count(args, OPT_READ_ONLY) > (by_profile ? 1 : 0),
	    .linear = opt_given(args, OPT_LINEAR),
	    .mono = is_mono(run->color),
	    .tour = tour,
	};
	struct config config = {0};
	bool ok;

	hint_options(args, &connection);
	options.connection = run->fleet != NULL ? NULL : buf_text(&connection);
	ok = opt_given(args, OPT_ONCE) || config_read(&config, err);
	options.theme = theme_of(args, &config);
	options.mouse = config.mouse;
	ok = ok && open_or_print(run, &options, err);
	buf_release(&connection);
	config_release(&config);
	free(detail);
	return ok;
}

bool launcher_console(struct run *run, struct err *err) {
	return launch(run, false, err);
}

bool launcher_tour(struct run *run, struct err *err) {
	return launch(run, true, err);
}

bool launcher_keys(struct run *run, struct err *err) {
	(void)err;
	console_keys(run->sink.file);
	return true;
}
