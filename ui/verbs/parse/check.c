#include "ui/verbs/parse/check.h"

#include <string.h>

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

/* Refuses two values of one option, of which one would silently be ignored. For options of connection and
 * output the last one wins, as usual, so that wrappers can set them. */
static bool check_once(const struct args *args, size_t at, struct err *err) {
	enum option_id id = args->given[at].option;
	const struct option_spec *spec = &option_specs[id];

	if (spec->takes == TAKES_NOTHING || spec->group == GROUP_CONNECTION || spec->group == GROUP_OUTPUT ||
	    verb_repeats(args->verb, id) || !given_before(args, at)) {
		return true;
	}
	return err_set(err, ERR_INVALID_INPUT, "--%s: given twice", spec->name);
}

/* Refuses options that concern the whole batch, or that wait within its transaction. */
static bool check_line(enum option_id id, struct err *err) {
	enum option_group group = option_specs[id].group;

	if (group != GROUP_CONNECTION && group != GROUP_OUTPUT && id != OPT_WAIT && id != OPT_DRY_RUN &&
	    id != OPT_HELP) {
		return true;
	}
	return err_set(err, ERR_INVALID_INPUT, "--%s: not in a line of a batch", option_specs[id].name);
}

/* Refuses options that the console sets itself. */
static bool check_console(enum option_id id, struct err *err) {
	static const char *const because[OPT_COUNT_OF] = {
	    [OPT_YES] = "--yes: refused here: a plan is confirmed by hand",
	    [OPT_DRY_RUN] = "--dry-run: not in the console, which always shows the plan first",
	    [OPT_WAIT] = "--wait: not in the console, which shows the outcome when it is known",
	    [OPT_FOLLOW] = "--follow: not in the console"};
	enum option_group group = option_specs[id].group;

	if (because[id] != NULL) {
		return err_set(err, ERR_INVALID_INPUT, "%s", because[id]);
	}
	return (group != GROUP_CONNECTION && group != GROUP_OUTPUT) ||
	       err_set(err, ERR_INVALID_INPUT, "--%s: not in the console", option_specs[id].name);
}

static bool check_options(const struct args *args, enum args_mode mode, struct err *err) {
	for (size_t i = 0; i < args->given_count; i++) {
		enum option_id id = args->given[i].option;

		if ((mode == ARGS_LINE && !check_line(id, err)) ||
		    (mode == ARGS_CONSOLE && !check_console(id, err))) {
			return false;
		}
		if (!verb_takes(args->verb, id)) {
			err_set(err, ERR_INVALID_INPUT, "--%s: not an option of '%s'", option_specs[id].name,
			    args->verb->words);
			return err_hint(err, "'berth help %s' lists its options", args->verb->words);
		}
		if (!check_once(args, i, err)) {
			return false;
		}
	}
	return true;
}

/* Returns the name of an operand in the synopsis, from 0, and its length. */
static const char *operand_name(const struct verb *verb, size_t at, int *n) {
	const char *name = verb->synopsis;

	for (; at > 0 && *name != '\0'; at--) {
		name += strcspn(name, " ");
		name += strspn(name, " ");
	}
	*n = (int)strcspn(name, " ");
	return name;
}

static bool check_operands(const struct args *args, struct err *err) {
	const struct verb *verb = args->verb;

	if (args->count >= verb->min && args->count <= verb->max) {
		return true;
	}
	if (args->count < verb->min) {
		int n;
		const char *name = operand_name(verb, args->count, &n);

		err_set(err, ERR_INVALID_INPUT, "%s: missing operand: %.*s", verb->words, n, name);
	} else {
		err_set(err, ERR_INVALID_INPUT, "%s: unexpected operand: '%s'", verb->words,
		    args->operands[verb->max]);
	}
	return err_hint(err, "usage: %s%s%s%s", verb_prompt(verb), verb->words,
	    verb->synopsis[0] == '\0' ? "" : " ", verb->synopsis);
}

/* Checks a line without a verb: it may only have the options that every verb takes. */
static bool check_bare(const struct args *args, struct err *err) {
	static const struct verb console = {.words = "berth", .synopsis = ""};

	for (size_t i = 0; i < args->given_count; i++) {
		enum option_id id = args->given[i].option;

		if (!verb_takes(&console, id)) {
			return err_set(err, ERR_INVALID_INPUT, "--%s: not an option without a verb",
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

static bool check_verb(const struct args *args, enum args_mode mode, struct err *err) {
	if (mode == ARGS_LINE && !verb_in_batch(args->verb)) {
		return err_set(err, ERR_INVALID_INPUT, "%s: not in a batch", args->verb->words);
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
	if (args->verb != NULL) {
		return check_verb(args, mode, err);
	}
	if (mode == ARGS_LINE) {
		return err_set(err, ERR_INVALID_INPUT, "a line of a batch begins with a verb");
	}
	return args->count > 0 || check_bare(args, err);
}
