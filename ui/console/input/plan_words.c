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
static enum target_kind expected(enum draft_act act, const char *word) {
	switch (act) {
	case DRAFT_RELEASE:
		return strchr(word, '/') != NULL ? TARGET_ANY : TARGET_LEASE;
	case DRAFT_EXTEND:
		return TARGET_LEASE;
	case DRAFT_DELETE:
		return TARGET_PROJECT;
	case DRAFT_DRAIN:
	case DRAFT_CORDON:
	case DRAFT_UNCORDON:
		return TARGET_RESOURCE;
	default:
		return TARGET_COMMAND;
	}
}

static void add(struct draft *draft, const struct target *target, const char *word) {
	struct buf what = {0};

	if (draft->what != NULL) {
		buf_printf(&what, "%s ", draft->what);
	}
	buf_puts(&what, word);
	free(draft->what);
	draft->what = buf_take(&what);
	if (draft->act == DRAFT_RELEASE && (target->kind == TARGET_RESOURCE || target->kind == TARGET_POOL)) {
		draft->act = DRAFT_DRAIN;
	}
	draft_target(draft, target);
}

static bool add_target(struct draft *draft, const char *word, struct err *err) {
	struct target target;

	if (!target_parse(word, expected(draft->act, word), &target, err)) {
		return false;
	}
	if (draft->count > 0 && draft->act != DRAFT_RELEASE && draft->act != DRAFT_DRAIN) {
		return err_set(err, ERR_INVALID_INPUT, "%s takes one target", draft_word(draft));
	}
	target.whole = draft->act == DRAFT_DELETE;
	add(draft, &target, word);
	return true;
}

static bool set_pool(struct draft *draft, const char *value, struct err *err) {
	struct target target = {.kind = TARGET_LEASES};

	if (!name_check("pool", value, err)) {
		return false;
	}
	(void)snprintf(target.name, sizeof target.name, "%s", value);
	add(draft, &target, value);
	return true;
}

static bool set_for(struct draft *draft, const char *value, struct err *err) {
	return duration_parse(value, &draft->duration, err);
}

static bool set_until(struct draft *draft, const char *value, struct err *err) {
	return end_parse(value, &draft->until, err);
}

static bool set_reason(struct draft *draft, const char *value, struct err *err) {
	if (!text_check("reason", value, QUEUE_REASON_CHARS, err)) {
		return false;
	}
	free(draft->reason);
	draft->reason = mem_text(value);
	return true;
}

static const struct {
	const char *name;
	unsigned acts; /* bits 1 << enum draft_act */
	bool rest;     /* its value is all that follows */
	bool (*set)(struct draft *draft, const char *value, struct err *err);
} options[] = {
    {"--pool", 1U << DRAFT_RELEASE, false, set_pool},
    {"--for", 1U << DRAFT_EXTEND, false, set_for},
    {"--until", 1U << DRAFT_EXTEND, false, set_until},
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

static bool set_option(struct draft *draft, char *word, char **rest, struct err *err) {
	char *value = strchr(word, '=');

	if (strcmp(word, "--yes") == 0) {
		return err_set(err, ERR_INVALID_INPUT, "--yes is refused here: a plan is confirmed by hand");
	}
	if (value != NULL) {
		*value++ = '\0';
	}
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		if (strcmp(options[i].name, word) == 0 && (options[i].acts & 1U << draft->act) != 0) {
			if (value == NULL && options[i].rest) {
				value = *rest + strspn(*rest, " ");
				*rest = value + strlen(value);
			} else if (value == NULL) {
				value = next_word(rest);
			}
			return options[i].set(draft, value == NULL ? "" : value, err);
		}
	}
	return err_set(err, ERR_INVALID_INPUT, "%s has no %s here", draft_word(draft), word);
}

static bool read_words(struct draft *draft, char *words, struct err *err) {
	char *word;

	while ((word = next_word(&words)) != NULL) {
		if (word[0] == '-' ? !set_option(draft, word, &words, err) : !add_target(draft, word, err)) {
			return false;
		}
	}
	if (draft->count == 0) {
		return err_set(err, ERR_INVALID_INPUT, "%s what?", draft_word(draft));
	}
	if (draft->act == DRAFT_EXTEND && (draft->until != TIME_NONE) == (draft->duration != 0)) {
		return err_set(err, ERR_INVALID_INPUT, "extend takes --for or --until");
	}
	return true;
}

void draft_words(struct app *app, enum draft_act act, const char *words) {
	char *copy = mem_text(words);
	struct err err = {0};

	draft_open(&app->draft, act);
	if (read_words(&app->draft, copy, &err)) {
		draft_describe(&app->draft);
		draft_mode_show(app);
	} else {
		app_say(app, STYLE_WARNING, "%s", err.message);
		err_release(&err);
		draft_release(&app->draft);
	}
	free(copy);
}
