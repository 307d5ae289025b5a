/*
 * The details of a command; for a stuck one, first the choices of the operator.
 */
#include "ui/console/screens/command_badge.h"

#include <inttypes.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/batch/rows.h"
#include "model/queue.h"
#include "ui/console/widgets/detail.h"
#include "ui/text/humanize.h"

/* Prints the choices for a stuck command, and the effect of each. */
static void say_choices(struct pen *p, const struct command *command) {
	bool activate = strcmp(command->action, "activate") == 0;
	const struct {
		const char *key;
		const char *meaning;
	} choices[] = {
	    {"t", activate ? "retry: the activate hook runs again; the lease stays as it is until then"
			   : "retry: the release hook runs again; the value is held until then"},
	    {"S", activate
		      ? "skip: the hook counts as done and the lease becomes active"
		      : "skip: the hook counts as done; the lease ends and its value is held back or free"},
	    {"F", "force: no hook and no delay; the lease is destroyed at once and its value is free"},
	};

	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
		detail_text(p, choices[i].key, choices[i].meaning);
	}
}

static void say_stuck(struct pen *p, const struct command *command) {
	struct buf runs = {0};

	humanize_plural(command->attempts, "run", "runs", &runs);
	pen_label(p, "failed");
	pen_print(p, STYLE_DANGER, "its hook, in %s; the last one said: ", buf_text(&runs));
	pen_foreign(p, STYLE_NORMAL, command->explanation == NULL ? "nothing" : command->explanation);
	buf_release(&runs);
	say_choices(p, command);
}

/* The items of a bulk in words, by its action; those of the others are leases. */
static const struct items {
	const char *action, *one, *many;
} items[] = {
    {"cordon", "resource ended", "resources ended"},
    {"uncordon", "resource ended", "resources ended"},
    {"reclaim", "resource ended", "resources ended"},
    {"label", "target ended", "targets ended"},
    {"retry", "command ended", "commands ended"},
    {"skip", "command ended", "commands ended"},
    {"force", "command ended", "commands ended"},
    {NULL, "lease ended", "leases ended"},
};

static const struct items *items_of(const struct command *command) {
	const struct items *of = items;

	while (of->action != NULL && strcmp(of->action, command->action) != 0) {
		of++;
	}
	return of;
}

static void say_progress(struct pen *p, const struct command *command) {
	bool left = command->failed + command->rejected + command->cancelled > 0;
	struct buf text = {0};

	humanize_number(command->done, &text);
	buf_puts(&text, " of ");
	humanize_plural(command->total, items_of(command)->one, items_of(command)->many, &text);
	pen_label(p, "progress");
	pen_say(p, STYLE_BOLD, buf_text(&text));
	buf_cut(&text, 0);
	queue_counts(command, &text);
	if (text.len > 0) {
		pen_print(p, left ? STYLE_DANGER : STYLE_DIM, ", %s", buf_text(&text));
	}
	buf_release(&text);
}

static void say_end(struct pen *p, const struct command *command, int64_t now) {
	struct buf text = {0};

	command_result(command, &text);
	if (command->state != COMMAND_QUARANTINED) {
		detail_text(p, command_ended(command) ? "outcome" : "last try", buf_text(&text));
	}
	if (command_ended(command) && command->consumed_by != NULL) {
		buf_cut(&text, 0);
		buf_printf(&text, "%s, after ", command->consumed_by);
		command_lag(command, now, &text);
		detail_text(p, "ended by", buf_text(&text));
	}
	buf_release(&text);
}

/* Prints the request, its author and its time. */
static void say_wish(struct pen *p, const struct command *command, int64_t now) {
	pen_label(p, command->action);
	pen_foreign(p, STYLE_NORMAL, command_target(command));
	if (command->subject != NULL && command->target != NULL) {
		detail_text(p, "target", command->target);
	}
	detail_text(p, "by", command->author);
	detail_text(p, "reason", command->reason);
	detail_time(p, "queued", command->created, now);
	if (!command_ended(command) && command->not_before > now) {
		detail_time(p, "due", command->not_before, now);
	}
	detail_time(p, "until", command->until, now);
	detail_text(p, "labels", command->labels);
	detail_text(p, "new holder", command->holder);
	if (command->expect_generation > 0) {
		pen_label(p, "expects");
		pen_print(p, STYLE_NORMAL, "generation %" PRId64, command->expect_generation);
	}
	if (command->attempts > 0) {
		pen_label(p, "tries");
		pen_print(p, STYLE_NORMAL, "%" PRId64 " of its hook", command->attempts);
	}
}

void command_detail(struct pen *p, const struct command *command, int64_t now) {
	detail_badge(p, command_badge(command, now));
	if (command->state == COMMAND_QUARANTINED) {
		say_stuck(p, command);
	}
	if (command->bulk) {
		say_progress(p, command);
	}
	say_end(p, command, now);
	say_wish(p, command, now);
	detail_text(p, "worker", command->worker);
	detail_id(p, "command", command->id);
	detail_id(p, "part of", command->parent);
}
