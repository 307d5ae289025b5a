#include "ui/verbs/parse/opt.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/base/num.h"
#include "model/syntax/duration.h"
#include "model/syntax/instant.h"
#include "model/metadata.h"
#include "model/project.h"
#include "model/syntax/selector.h"
#include "model/syntax/target.h"
#include "ui/verbs/parse/args.h"
#include "ui/verbs/verb.h"

static const struct given *last(const struct args *args, enum option_id option) {
	for (size_t i = args->given_count; i > 0; i--) {
		if (args->given[i - 1].option == option) {
			return &args->given[i - 1];
		}
	}
	return NULL;
}

bool opt_given(const struct args *args, enum option_id option) {
	return last(args, option) != NULL;
}

size_t opt_count(const struct args *args, enum option_id option) {
	size_t n = 0;

	for (size_t i = 0; i < args->given_count; i++) {
		n += args->given[i].option == option ? 1 : 0;
	}
	return n;
}

const char *opt(const struct args *args, enum option_id option) {
	const struct given *given = last(args, option);

	return given == NULL ? NULL : given->value;
}

const char *opt_next(const struct args *args, enum option_id option, size_t *at) {
	while (*at < args->given_count) {
		const struct given *given = &args->given[(*at)++];

		if (given->option == option) {
			return given->value;
		}
	}
	return NULL;
}

bool opt_blame(enum option_id option, struct err *err) {
	char *message = mem_print("--%s: %s", option_specs[option].name, err->message);

	free(err->message);
	err->message = message;
	return false;
}

bool opt_need(const struct args *args, enum option_id option, const char **value, struct err *err) {
	const char *given = opt(args, option);

	if (given == NULL) {
		return err_set(err, ERR_INVALID_INPUT, "--%s: must be given", option_specs[option].name);
	}
	*value = given;
	return true;
}

bool opt_exclusive(const struct args *args, enum option_id a, enum option_id b, struct err *err) {
	if (opt_given(args, a) && opt_given(args, b)) {
		return err_set(err, ERR_INVALID_INPUT, "--%s: not together with --%s", option_specs[b].name,
		    option_specs[a].name);
	}
	return true;
}

bool opt_int(const struct args *args, enum option_id option, int64_t min, int64_t max, int64_t fallback,
    int64_t *value, struct err *err) {
	const char *text = opt(args, option);

	if (text == NULL) {
		*value = fallback;
		return true;
	}
	if (int_parse(text, min, max, value)) {
		return true;
	}
	if (max == INT64_MAX) {
		return err_set(err, ERR_INVALID_INPUT, "--%s: '%s' is not a whole number from %" PRId64 " on",
		    option_specs[option].name, text, min);
	}
	return err_set(err, ERR_INVALID_INPUT,
	    "--%s: '%s' is not a whole number from %" PRId64 " to %" PRId64, option_specs[option].name, text,
	    min, max);
}

bool opt_id(const struct args *args, enum option_id option, struct id *id, struct err *err) {
	const char *text = opt(args, option);

	if (text == NULL) {
		*id = (struct id){{0}};
		return true;
	}
	return id_parse(text, id) ||
	       err_set(err, ERR_INVALID_INPUT, "--%s: '%s' is not an id (a UUID other than the nil one)",
		   option_specs[option].name, text);
}

bool opt_duration(
    const struct args *args, enum option_id option, int64_t fallback, int64_t *us, struct err *err) {
	const char *text = opt(args, option);

	if (text == NULL) {
		*us = fallback;
		return true;
	}
	return duration_parse(text, us, err) || opt_blame(option, err);
}

static bool opt_time(const struct args *args, enum option_id option,
    bool (*parse)(const char *, int64_t *, struct err *), int64_t *us, struct err *err) {
	const char *text = opt(args, option);

	if (text == NULL) {
		*us = TIME_NONE;
		return true;
	}
	return parse(text, us, err) || opt_blame(option, err);
}

bool opt_instant(const struct args *args, enum option_id option, int64_t *us, struct err *err) {
	return opt_time(args, option, instant_parse, us, err);
}

bool opt_end(const struct args *args, enum option_id option, int64_t *us, struct err *err) {
	return opt_time(args, option, end_parse, us, err);
}

bool opt_unit(const struct args *args, enum option_id option, struct unit *unit, struct err *err) {
	return unit_guess(opt(args, option), unit, err) || opt_blame(option, err);
}

bool opt_states(const struct args *args, enum option_id option, unsigned *states, struct err *err) {
	const char *text = opt(args, option);
	char *message;

	if (text == NULL || states_parse(text, verb_values(args->verb, option),
				verb_groups(args->verb, option), states, err)) {
		return true;
	}
	message = mem_print("--%s %s", option_specs[option].name, err->message);
	free(err->message);
	err->message = message;
	return false;
}

bool opt_selector(const struct args *args, struct selector *selector, struct err *err) {
	const char *text = opt(args, OPT_SELECTOR);

	return text == NULL || selector_parse(text, selector, err);
}

bool opt_filter(const struct args *args, struct row_filter *filter, struct err *err) {
	const char *text = opt(args, OPT_FILTER);

	return text == NULL || row_filter_parse(text, args->verb->rows, filter, err);
}

bool opt_limit(const struct args *args, enum option_id option, int64_t *limit, struct err *err) {
	const char *text = opt(args, option);

	if (text == NULL) {
		*limit = NO_LIMIT;
		return true;
	}
	return limit_parse(text, limit) ||
	       err_set(err, ERR_INVALID_INPUT, "--%s: '%s' is neither a whole number from 0 on nor none",
		   option_specs[option].name, text);
}

bool opt_project(const struct args *args, const char **project, struct err *err) {
	const char *text = opt(args, OPT_PROJECT);
	struct target target;

	if (text != NULL && !target_parse(text, TARGET_PROJECT, &target, err)) {
		return opt_blame(OPT_PROJECT, err);
	}
	*project = target_name("project", text);
	return true;
}

bool opt_labels(const struct args *args, struct buf *out, struct err *err) {
	size_t room = opt_count(args, OPT_LABEL);
	const char **pairs = mem_new(room, sizeof *pairs);
	size_t count = 0;
	size_t at = 0;
	bool ok;

	while (count < room) {
		pairs[count++] = opt_next(args, OPT_LABEL, &at);
	}
	ok = count == 0 || labels_json(pairs, count, out, err) || opt_blame(OPT_LABEL, err);
	free(pairs);
	return ok;
}

static bool not_among(enum option_id option, const char *text, const char *const *names, struct err *err) {
	struct buf list = {0};

	for (size_t i = 0; names[i] != NULL; i++) {
		buf_printf(&list, "%s%s", i == 0 ? "" : ", ", names[i]);
	}
	err_set(err, ERR_INVALID_INPUT, "--%s: '%s' is not one of %s", option_specs[option].name, text,
	    buf_text(&list));
	buf_release(&list);
	return false;
}

bool opt_sorted(const struct args *args, const char *const *names) {
	const char *sort = opt(args, OPT_SORT);

	return (sort != NULL && strcmp(sort, names[0]) != 0) || opt_given(args, OPT_REVERSE);
}

bool opt_enum(const struct args *args, enum option_id option, const char *const *names, int fallback,
    int *index, struct err *err) {
	const char *text = opt(args, option);

	if (text == NULL) {
		*index = fallback;
		return true;
	}
	for (int i = 0; names[i] != NULL; i++) {
		if (strcmp(names[i], text) == 0) {
			*index = i;
			return true;
		}
	}
	return not_among(option, text, names, err);
}
