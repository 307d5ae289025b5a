#include "ui/verbs/parse/check.h"

#include "db/base/err.h"
#include "ui/verbs/verb.h"
#include "ui/verbs/parse/opt.h"

static bool given_before(const struct args *args, size_t end) {
	for (size_t i = 0; i < end; i++) {
		if (args->given[i].option == args->given[end].option) {
			return true;
		}
	}
	return false;
}

/* Twice with two values: one of them would silently not count. Connection and
 * output follow the custom that the last one wins, so that wrappers can set them. */
static bool check_once(const struct args *args, size_t at, struct err *err) {
	enum option_id id = args->given[at].option;
	const struct option_spec *spec = &option_specs[id];

	if (spec->takes == TAKES_NOTHING || spec->group == GROUP_CONNECTION || spec->group == GROUP_OUTPUT ||
	    command_repeats(args->command, id) || !given_before(args, at)) {
		return true;
	}
	return err_set(err, ERR_INVALID_INPUT, "--%s: given twice", spec->name);
}

/* What says something about the whole batch, or waits within its transaction. */
static bool check_line(enum option_id id, struct err *err) {
	enum option_group group = option_specs[id].group;

	if (group != GROUP_CONNECTION && group != GROUP_OUTPUT && id != OPT_WAIT && id != OPT_DRY_RUN &&
	    id != OPT_HELP) {
		return true;
	}
	return err_set(err, ERR_INVALID_INPUT, "--%s: not in a line of a batch", option_specs[id].name);
}

static bool check_options(const struct args *args, enum args_mode mode, struct err *err) {
	for (size_t i = 0; i < args->given_count; i++) {
		enum option_id id = args->given[i].option;

		if (mode == ARGS_LINE && !check_line(id, err)) {
			return false;
		}
		if (!command_takes(args->command, id)) {
			err_set(err, ERR_INVALID_INPUT, "--%s: not an option of '%s'", option_specs[id].name,
			    args->command->words);
			return err_hint(err, "'berth help %s' lists its options", args->command->words);
		}
		if (!check_once(args, i, err)) {
			return false;
		}
	}
	return true;
}

static bool check_operands(const struct args *args, struct err *err) {
	const struct verb *command = args->command;

	if (args->count >= command->min && args->count <= command->max) {
		return true;
	}
	if (args->count < command->min) {
		err_set(err, ERR_INVALID_INPUT, "%s: something is missing", command->words);
	} else {
		err_set(err, ERR_INVALID_INPUT, "%s: too much: '%s'", command->words,
		    args->operands[command->max]);
	}
	return err_hint(err, "usage: berth %s%s%s", command->words, command->synopsis[0] == '\0' ? "" : " ",
	    command->synopsis);
}

/* Without a command only what every command takes. */
static bool check_bare(const struct args *args, struct err *err) {
	static const struct verb console = {.words = "berth", .synopsis = ""};

	for (size_t i = 0; i < args->given_count; i++) {
		enum option_id id = args->given[i].option;

		if (!command_takes(&console, id)) {
			return err_set(err, ERR_INVALID_INPUT, "--%s: not an option without a command",
			    option_specs[id].name);
		}
	}
	return true;
}

static bool check_format(const struct args *args, struct err *err) {
	if (opt_given(args, OPT_JSON) && opt_given(args, OPT_CSV)) {
		return err_set(err, ERR_INVALID_INPUT, "--csv: not together with --json");
	}
	return true;
}

static bool check_command(const struct args *args, enum args_mode mode, struct err *err) {
	if (mode == ARGS_LINE && args->command->add == NULL) {
		return err_set(err, ERR_INVALID_INPUT, "%s: not in a batch", args->command->words);
	}
	if (!check_options(args, mode, err)) {
		return false;
	}
	return opt_given(args, OPT_HELP) || check_operands(args, err);
}

bool args_check(const struct args *args, enum args_mode mode, struct err *err) {
	if (!check_format(args, err)) {
		return false;
	}
	if (args->command != NULL) {
		return check_command(args, mode, err);
	}
	if (mode == ARGS_LINE) {
		return err_set(err, ERR_INVALID_INPUT, "a line of a batch begins with a command");
	}
	return args->count > 0 || check_bare(args, err);
}
