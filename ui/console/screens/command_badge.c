#include "ui/console/screens/command_badge.h"

#include <inttypes.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/id.h"
#include "db/batch/rows.h"
#include "model/queue.h"
#include "ui/console/terminal/grid.h"
#include "ui/text/humanize.h"

#define TICKS (60 * TIME_SECOND) /* windows longer than this do not tick */

/* The states that the screen distinguishes. */
enum command_badge {
	LOOK_WAIT,
	LOOK_RETRY,
	LOOK_QUEUED,
	LOOK_RUN,
	LOOK_STUCK,
	LOOK_DONE,
	LOOK_PARTLY,
	LOOK_NOOP,
	LOOK_REJECTED,
	LOOK_FAILED,
	LOOK_CANCELLED
};

static const struct badge looks[] = {
    [LOOK_WAIT] = {"WAIT", GLYPH_WAIT, STYLE_DIM, "waits, and can be cancelled"},
    [LOOK_RETRY] = {"RETRY", GLYPH_OVER, STYLE_WARNING, "its hook failed and will be retried"},
    [LOOK_QUEUED] = {"QUEUED", GLYPH_SOON, STYLE_NORMAL, "due: the next worker takes it"},
    [LOOK_RUN] = {"RUN", GLYPH_ENDING, STYLE_ACCENT, "under way"},
    [LOOK_STUCK] = {"STUCK", GLYPH_FULL, STYLE_DANGER, "needs you: its hook failed too often"},
    [LOOK_DONE] = {"DONE", GLYPH_HELD, STYLE_NORMAL, "applied"},
    [LOOK_PARTLY] = {"ENDED", GLYPH_OVER, STYLE_WARNING, "ended, but not all of it was applied"},
    [LOOK_NOOP] = {"NOOP", GLYPH_UNUSED, STYLE_DIM, "there was nothing to do"},
    [LOOK_REJECTED] = {"REJECT", GLYPH_OVER, STYLE_WARNING, "refused, nothing was changed"},
    [LOOK_FAILED] = {"FAILED", GLYPH_FULL, STYLE_DANGER, "ended without success"},
    [LOOK_CANCELLED] = {"CANCEL", GLYPH_DASH, STYLE_DIM, "cancelled before it was applied"},
};

static enum command_badge ended_look(const struct command *command) {
	static const struct {
		const char *outcome;
		enum command_badge badge;
	} outcomes[] = {{"applied", LOOK_DONE}, {"noop", LOOK_NOOP}, {"rejected", LOOK_REJECTED}};

	if (queue_partly(command)) {
		return LOOK_PARTLY;
	}
	for (size_t i = 0; command->outcome != NULL && i < sizeof outcomes / sizeof *outcomes; i++) {
		if (strcmp(outcomes[i].outcome, command->outcome) == 0) {
			return outcomes[i].badge;
		}
	}
	return LOOK_FAILED;
}

static enum command_badge look_of(const struct command *command, int64_t now) {
	switch ((enum command_state)command->state) {
	case COMMAND_QUEUED:
		return command->not_before <= now ? LOOK_QUEUED
		       : command->attempts > 0    ? LOOK_RETRY
						  : LOOK_WAIT;
	case COMMAND_RUNNING:
		return LOOK_RUN;
	case COMMAND_QUARANTINED:
		return LOOK_STUCK;
	case COMMAND_CANCELLED:
		return LOOK_CANCELLED;
	default:
		return ended_look(command);
	}
}

const struct badge *command_badge(const struct command *command, int64_t now) {
	return &looks[look_of(command, now)];
}

bool command_ended(const struct command *command) {
	return command->state == COMMAND_DONE || command->state == COMMAND_CANCELLED;
}

/* Appends a span that has ended and does not tick. */
static void took(int64_t span, struct buf *out) {
	if (span >= 0 && span < TIME_SECOND) {
		buf_printf(out, "%" PRId64 "ms", span / 1000);
	} else {
		humanize_exact(span, out);
	}
}

void command_lag(const struct command *command, int64_t now, struct buf *out) {
	if (command_ended(command) && command->consumed_at != TIME_NONE) {
		int64_t due =
		    command->not_before < command->consumed_at ? command->not_before : command->created;

		took(command->consumed_at - due, out);
	} else if (command->not_before > now) {
		buf_puts(out, "-");
	} else {
		humanize_span(now - command->not_before, out);
	}
}

bool command_ticks(const struct command *command, int64_t now) {
	return look_of(command, now) == LOOK_WAIT && command->not_before - now <= TICKS;
}

void command_next(const struct command *command, int64_t now, struct buf *out) {
	enum command_badge badge = look_of(command, now);

	if (command_ticks(command, now)) {
		buf_puts(out, "in ");
		humanize_exact(command->not_before - now + TIME_SECOND - 1, out);
	} else if (badge == LOOK_WAIT || badge == LOOK_RETRY) {
		humanize_when(command->not_before, now, out);
	} else if (badge == LOOK_STUCK) {
		buf_puts(out, "needs you");
	} else if (command->bulk && command->total > 0) {
		humanize_number(command->done, out);
		buf_puts(out, " of ");
		humanize_number(command->total, out);
	} else if (badge == LOOK_RUN && command->worker != NULL) {
		buf_puts(out, command->worker);
	} else if (badge == LOOK_QUEUED) {
		buf_puts(out, "now");
	}
}

void command_result(const struct command *command, struct buf *out) {
	size_t start = out->len;

	/* For a bulk that was applied in part, the counts show that. */
	if (command->outcome != NULL && !queue_partly(command)) {
		buf_puts(out, command->outcome);
	}
	if (command->explanation != NULL && *command->explanation != '\0') {
		buf_puts(out, out->len > start ? ": " : "");
		buf_puts(out, command->explanation);
	}
}

const char *command_target(const struct command *command) {
	if (command->subject != NULL) {
		return command->subject;
	}
	return command->target == NULL ? "several" : command->target;
}

void command_line(struct pen *p, const struct command *command, int64_t now) {
	int row = p->area.row + p->row;
	int start = p->area.column;
	int end = start + p->area.columns;
	int middle = start + 2 + (p->area.columns - 2) / 2;
	const struct badge *badge = command_badge(command, now);
	struct buf text = {0};

	p->column = p->area.columns;
	if (p->row < 0 || p->row >= p->area.rows) {
		return;
	}
	command_result(command, &text);
	(void)grid_glyph(p->grid, row, start, end, badge->style, badge->glyph);
	grid_field(
	    p->grid, row, start + 2, middle, badge->style, ALIGN_LEFT, SAFE_CUT_END, command_target(command));
	grid_field(p->grid, row, middle + 1, end, badge->style, ALIGN_LEFT, SAFE_CUT_END,
	    text.len > 0 ? buf_text(&text) : badge->word);
	buf_release(&text);
}

void command_summary(struct pen *p, const struct command *command, int64_t now) {
	const struct badge *badge = command_badge(command, now);
	struct buf text = {0};

	command_result(command, &text);
	pen_say(p, badge->style, badge->meaning);
	if (text.len > 0) {
		pen_say(p, STYLE_DIM, "; ");
		pen_foreign(p, STYLE_NORMAL, buf_text(&text));
	}
	pen_print(p, STYLE_NORMAL, " %s ", command->action);
	pen_foreign(p, STYLE_NORMAL, command_target(command));
	buf_release(&text);
}

void command_linear(const struct command *command, int64_t now, struct buf *out) {
	struct buf next = {0};
	char id[ID_TEXT];

	buf_printf(out, "%s %s %s by %s, ", command_badge(command, now)->word, command->action,
	    command_target(command), command->author);
	buf_puts(out, command_ended(command) ? "took " : "lag ");
	command_lag(command, now, out);
	buf_printf(out, ", tries %" PRId64, command->attempts);
	command_next(command, now, &next);
	if (next.len > 0) {
		buf_printf(out, ", next %s", buf_text(&next));
	}
	buf_puts(out, ", ");
	buf_cut(&next, 0);
	command_result(command, &next);
	if (next.len > 0) {
		buf_printf(out, "%s, ", buf_text(&next));
	}
	buf_printf(out, "id %s", id_text(command->id, id));
	buf_release(&next);
}

/* Returns whether it runs a hook: it is about a lease, or about such a command. */
static bool command_has_hook(const struct command *command) {
	return strcmp(command->kind, target_kind_names[TARGET_LEASE]) == 0 ||
	       strcmp(command->kind, target_kind_names[TARGET_COMMAND]) == 0;
}

const char *command_refuses(const struct command *command, enum plan_act act) {
	bool open = command->state == COMMAND_QUEUED || (command->state == COMMAND_RUNNING && command->bulk);

	if (act == PLAN_CANCEL) {
		return open ? NULL
		       : command->state == COMMAND_QUARANTINED
			   ? "it is stuck: t retries, S skips, F forces it"
		       : command->state == COMMAND_RUNNING ? "it is running and cannot be cancelled"
							   : "it has ended already";
	}
	if (command->state != COMMAND_QUARANTINED) {
		return "only a stuck command can be retried, skipped or forced";
	}
	return command_has_hook(command) ? NULL : "it has no hook: there is nothing to retry, skip or force";
}
