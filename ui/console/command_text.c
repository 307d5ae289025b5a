#include "ui/console/command_text.h"

#include <inttypes.h>
#include <string.h>

#include "db/buf.h"
#include "db/clock.h"
#include "db/id.h"
#include "db/rows.h"
#include "ui/console/grid.h"
#include "ui/console/words.h"

#define TICKS (60 * TIME_SECOND) /* windows longer than this do not tick */

/* What the screen tells apart. */
enum look {
	LOOK_WAIT,
	LOOK_RETRY,
	LOOK_QUEUED,
	LOOK_RUN,
	LOOK_STUCK,
	LOOK_DONE,
	LOOK_NOOP,
	LOOK_REJECTED,
	LOOK_FAILED,
	LOOK_CANCELLED
};

static const struct {
	const char *word;
	const char *meaning;
	enum glyph glyph;
	enum style style;
} looks[] = {
    [LOOK_WAIT] = {"WAIT", "waits, and can be cancelled", GLYPH_WAIT, STYLE_DIM},
    [LOOK_RETRY] = {"RETRY", "its hook failed and is tried again", GLYPH_OVER, STYLE_WARNING},
    [LOOK_QUEUED] = {"QUEUED", "due: the next worker takes it", GLYPH_SOON, STYLE_NORMAL},
    [LOOK_RUN] = {"RUN", "under way", GLYPH_ENDING, STYLE_ACCENT},
    [LOOK_STUCK] = {"STUCK", "needs you: its hook failed too often", GLYPH_FULL, STYLE_DANGER},
    [LOOK_DONE] = {"DONE", "applied", GLYPH_HELD, STYLE_NORMAL},
    [LOOK_NOOP] = {"NOOP", "there was nothing to do", GLYPH_UNUSED, STYLE_DIM},
    [LOOK_REJECTED] = {"REJECT", "refused, nothing was changed", GLYPH_OVER, STYLE_WARNING},
    [LOOK_FAILED] = {"FAILED", "ended without success", GLYPH_FULL, STYLE_DANGER},
    [LOOK_CANCELLED] = {"CANCEL", "cancelled before it was applied", GLYPH_DASH, STYLE_DIM},
};

static enum look ended_look(const struct command *command) {
	static const struct {
		const char *outcome;
		enum look look;
	} outcomes[] = {{"applied", LOOK_DONE}, {"noop", LOOK_NOOP}, {"rejected", LOOK_REJECTED}};

	for (size_t i = 0; command->outcome != NULL && i < sizeof outcomes / sizeof *outcomes; i++) {
		if (strcmp(outcomes[i].outcome, command->outcome) == 0) {
			return outcomes[i].look;
		}
	}
	return LOOK_FAILED;
}

static enum look look_of(const struct command *command, int64_t now) {
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

const char *command_meaning(const struct command *command, int64_t now) {
	return looks[look_of(command, now)].meaning;
}

const char *command_word(const struct command *command, int64_t now) {
	return looks[look_of(command, now)].word;
}

enum glyph command_glyph(const struct command *command, int64_t now) {
	return looks[look_of(command, now)].glyph;
}

enum style command_style(const struct command *command, int64_t now) {
	return looks[look_of(command, now)].style;
}

bool command_ended(const struct command *command) {
	return command->state == COMMAND_DONE || command->state == COMMAND_CANCELLED;
}

/* A span that is over and does not tick. */
static void took(int64_t span, struct buf *out) {
	if (span >= 0 && span < TIME_SECOND) {
		buf_printf(out, "%" PRId64 "ms", span / 1000);
	} else {
		words_exact(span, out);
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
		words_span(now - command->not_before, out);
	}
}

bool command_ticks(const struct command *command, int64_t now) {
	return look_of(command, now) == LOOK_WAIT && command->not_before - now <= TICKS;
}

void command_next(const struct command *command, int64_t now, struct buf *out) {
	enum look look = look_of(command, now);

	if (command_ticks(command, now)) {
		buf_puts(out, "in ");
		words_exact(command->not_before - now + TIME_SECOND - 1, out);
	} else if (look == LOOK_WAIT || look == LOOK_RETRY) {
		words_when(command->not_before, now, out);
	} else if (look == LOOK_STUCK) {
		buf_puts(out, "needs you");
	} else if (command->bulk && command->total > 0) {
		words_number(command->done, out);
		buf_puts(out, " of ");
		words_number(command->total, out);
	} else if (look == LOOK_RUN && command->worker != NULL) {
		buf_puts(out, command->worker);
	} else if (look == LOOK_QUEUED) {
		buf_puts(out, "now");
	}
}

void command_result(const struct command *command, struct buf *out) {
	size_t start = out->len;

	if (command->outcome != NULL) {
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
	enum style style = command_style(command, now);
	struct buf text = {0};

	p->column = p->area.columns;
	if (p->row < 0 || p->row >= p->area.rows) {
		return;
	}
	command_result(command, &text);
	(void)grid_glyph(p->grid, row, start, end, style, command_glyph(command, now));
	grid_field(p->grid, row, start + 2, middle, style, ALIGN_LEFT, SAFE_CUT_END, command_target(command));
	grid_field(p->grid, row, middle + 1, end, style, ALIGN_LEFT, SAFE_CUT_END,
	    text.len > 0 ? buf_text(&text) : command_word(command, now));
	buf_release(&text);
}

void command_summary(struct pen *p, const struct command *command, int64_t now) {
	struct buf text = {0};

	command_result(command, &text);
	pen_say(p, command_style(command, now), command_meaning(command, now));
	if (text.len > 0) {
		pen_say(p, STYLE_DIM, "; ");
		pen_foreign(p, STYLE_NORMAL, buf_text(&text));
	}
	pen_print(p, STYLE_NORMAL, " %s ", command->action);
	pen_foreign(p, STYLE_NORMAL, command_target(command));
	buf_release(&text);
}

void command_alert(const struct command *command, struct buf *out) {
	if (command->state == COMMAND_QUARANTINED) {
		buf_printf(out, "a %s is stuck: %s (%s)", command->action,
		    command->explanation == NULL ? "its hook failed" : command->explanation,
		    command_target(command));
	}
}

void command_linear(const struct command *command, int64_t now, struct buf *out) {
	struct buf next = {0};
	char id[ID_TEXT];

	buf_printf(out, "%s %s %s by %s, ", command_word(command, now), command->action,
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
