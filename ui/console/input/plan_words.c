/*
 * Plans from the words of the command line, as they are typed behind `:`.
 */
#include "ui/console/app/plan_mode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "model/syntax/duration.h"
#include "model/syntax/instant.h"
#include "model/syntax/name.h"
#include "model/queue.h"
#include "model/syntax/target.h"
#include "ui/console/app/app.h"

/* The kind that a target without a prefix has. */
static enum target_kind expected(enum plan_act act, const char *word) {
	switch (act) {
	case PLAN_RELEASE:
		return strchr(word, '/') != NULL ? TARGET_ANY : TARGET_LEASE;
	case PLAN_EXTEND:
		return TARGET_LEASE;
	case PLAN_DELETE:
		return TARGET_PROJECT;
	case PLAN_DRAIN:
	case PLAN_CORDON:
	case PLAN_UNCORDON:
		return TARGET_RESOURCE;
	default:
		return TARGET_COMMAND;
	}
}

static void add(struct plan *plan, const struct target *target, const char *word) {
	struct buf what = {0};

	if (plan->what != NULL) {
		buf_printf(&what, "%s ", plan->what);
	}
	buf_puts(&what, word);
	free(plan->what);
	plan->what = buf_take(&what);
	if (plan->act == PLAN_RELEASE && (target->kind == TARGET_RESOURCE || target->kind == TARGET_POOL)) {
		plan->act = PLAN_DRAIN;
	}
	plan_target(plan, target);
}

static bool add_target(struct plan *plan, const char *word, struct err *err) {
	struct target target;

	if (!target_parse(word, expected(plan->act, word), &target, err)) {
		return false;
	}
	if (plan->count > 0 && plan->act != PLAN_RELEASE && plan->act != PLAN_DRAIN) {
		return err_set(err, ERR_INVALID_INPUT, "%s takes one target", plan_word(plan));
	}
	target.whole = plan->act == PLAN_DELETE;
	add(plan, &target, word);
	return true;
}

static bool set_pool(struct plan *plan, const char *value, struct err *err) {
	struct target target = {.kind = TARGET_LEASES};

	if (!name_check("pool", value, err)) {
		return false;
	}
	(void)snprintf(target.name, sizeof target.name, "%s", value);
	add(plan, &target, value);
	return true;
}

static bool set_for(struct plan *plan, const char *value, struct err *err) {
	return duration_parse(value, &plan->duration, err);
}

static bool set_until(struct plan *plan, const char *value, struct err *err) {
	return end_parse(value, &plan->until, err);
}

static bool set_reason(struct plan *plan, const char *value, struct err *err) {
	if (!text_check("reason", value, QUEUE_REASON_CHARS, err)) {
		return false;
	}
	free(plan->reason);
	plan->reason = mem_text(value);
	return true;
}

static const struct {
	const char *name;
	unsigned acts; /* bits 1 << enum plan_act */
	bool rest;     /* its value is all that follows */
	bool (*set)(struct plan *plan, const char *value, struct err *err);
} options[] = {
    {"--pool", 1U << PLAN_RELEASE, false, set_pool},
    {"--for", 1U << PLAN_EXTEND, false, set_for},
    {"--until", 1U << PLAN_EXTEND, false, set_until},
    {"--reason", ~0U, true, set_reason},
};

/* The next word, ended in place; NULL at the end. */
static char *next_word(char **rest) {
	char *word = *rest + strspn(*rest, " ");
	size_t n = strcspn(word, " ");

	*rest = word + n + (word[n] == '\0' ? 0 : 1);
	word[n] = '\0';
	return n == 0 ? NULL : word;
}

static bool set_option(struct plan *plan, char *word, char **rest, struct err *err) {
	char *value = strchr(word, '=');

	if (strcmp(word, "--yes") == 0) {
		return err_set(err, ERR_INVALID_INPUT, "--yes is refused here: a plan is confirmed by hand");
	}
	if (value != NULL) {
		*value++ = '\0';
	}
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		if (strcmp(options[i].name, word) == 0 && (options[i].acts & 1U << plan->act) != 0) {
			if (value == NULL && options[i].rest) {
				value = *rest + strspn(*rest, " ");
				*rest = value + strlen(value);
			} else if (value == NULL) {
				value = next_word(rest);
			}
			return options[i].set(plan, value == NULL ? "" : value, err);
		}
	}
	return err_set(err, ERR_INVALID_INPUT, "%s has no %s here", plan_word(plan), word);
}

static bool read_words(struct plan *plan, char *words, struct err *err) {
	char *word;

	while ((word = next_word(&words)) != NULL) {
		if (word[0] == '-' ? !set_option(plan, word, &words, err) : !add_target(plan, word, err)) {
			return false;
		}
	}
	if (plan->count == 0) {
		return err_set(err, ERR_INVALID_INPUT, "%s what?", plan_word(plan));
	}
	if (plan->act == PLAN_EXTEND && (plan->until != TIME_NONE) == (plan->duration != 0)) {
		return err_set(err, ERR_INVALID_INPUT, "extend takes --for or --until");
	}
	return true;
}

void plan_words(struct app *app, enum plan_act act, const char *words) {
	char *copy = mem_text(words);
	struct err err = {0};

	plan_open(&app->plan, act);
	if (read_words(&app->plan, copy, &err)) {
		plan_describe(&app->plan);
		plan_mode_show(app);
	} else {
		app_say(app, STYLE_WARNING, "%s", err.message);
		err_release(&err);
		plan_release(&app->plan);
	}
	free(copy);
}
