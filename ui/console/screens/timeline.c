#include "ui/console/screens/timeline.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "db/batch/rows.h"
#include "ui/console/screens/command_badge.h"
#include "ui/console/widgets/pen.h"
#include "ui/console/list/view.h"
#include "ui/text/change.h"
#include "ui/text/humanize.h"

/* One line: an event, or the start or the end of a command. */
struct entry {
	int64_t at;
	size_t order; /* for entries of the same time */
	const struct event *event;
	const struct command *command;
	bool end;
};

static int compare(const void *a, const void *b) {
	const struct entry *x = a;
	const struct entry *y = b;

	if (x->at != y->at) {
		return x->at < y->at ? -1 : 1;
	}
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Returns true when an event shows the end of a command; else the command itself has to. */
static bool is_told(const struct rowset *events, const struct command *command) {
	for (size_t i = 0; i < events->count; i++) {
		if (id_equal(((const struct event *)events->rows[i])->command, command->id)) {
			return true;
		}
	}
	return false;
}

static struct entry *merge(const struct rowset *events, const struct rowset *commands, size_t *count) {
	struct entry *entries = mem_new(events->count + 2 * commands->count, sizeof *entries);
	size_t n = 0;

	for (size_t i = 0; i < commands->count; i++) {
		const struct command *command = commands->rows[i];

		entries[n] = (struct entry){command->created, n, NULL, command, false};
		n++;
		if (command->consumed_at != TIME_NONE && !is_told(events, command)) {
			entries[n] = (struct entry){command->consumed_at, n, NULL, command, true};
			n++;
		}
	}
	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = events->rows[i];

		entries[n] = (struct entry){event->at, n, event, NULL, false};
		n++;
	}
	qsort(entries, n, sizeof *entries, compare);
	*count = n;
	return entries;
}

/* Appends ": state active -> released". */
static void put_changes(const struct event *event, const char *arrow, struct buf *out) {
	struct buf words = {0};

	change_words(event, arrow, ", ", false, &words);
	if (words.len > 0) {
		buf_printf(out, ": %s", buf_text(&words));
	}
	buf_release(&words);
}

static void put_entry(const struct entry *entry, const char *arrow, int64_t now, struct buf *out) {
	if (entry->event != NULL) {
		buf_printf(out, "%s by %s", entry->event->action, entry->event->actor);
		put_changes(entry->event, arrow, out);
	} else if (entry->end) {
		buf_printf(out, "%s of %s ended, ", entry->command->action, entry->command->author);
		command_result(entry->command, out);
	} else {
		buf_printf(out, "%s requested by %s", entry->command->action, entry->command->author);
		if (*entry->command->reason != '\0') {
			buf_printf(out, ": %s", entry->command->reason);
		}
		if (entry->command->state != COMMAND_DONE && entry->command->state != COMMAND_CANCELLED) {
			buf_printf(out, " (%s ", command_badge(entry->command, now)->word);
			command_next(entry->command, now, out);
			buf_char(out, ')');
		}
	}
}

/* Prints the entries newest first, so that the oldest are dropped when room is short. */
static void say_entries(struct pen *p, const struct entry *entries, size_t count, int64_t now) {
	const char *arrow = p->grid->ascii ? " -> " : " \xe2\x86\x92 ";

	for (size_t i = count; i-- > 0 && pen_fits(p, 1);) {
		const struct entry *entry = &entries[i];
		bool open = entry->event == NULL && !entry->end && entry->command->consumed_at == TIME_NONE;
		struct buf text = {0};

		humanize_time(entry->at, &text);
		pen_break(p);
		pen_say(p, STYLE_DIM, buf_text(&text));
		p->indent = 2;
		pen_say(p, STYLE_NORMAL, "  ");
		buf_cut(&text, 0);
		put_entry(entry, arrow, now, &text);
		pen_foreign(p, open ? STYLE_ACCENT : STYLE_NORMAL, buf_text(&text));
		buf_release(&text);
	}
	pen_break(p);
}

static void say_waiting(struct pen *p, const struct waiting *waiting) {
	json_t *reasons = waiting->reasons == NULL ? NULL : json_loads(waiting->reasons, 0, NULL);
	struct buf text = {0};
	size_t i;
	json_t *reason;

	humanize_number(waiting->place, &text);
	pen_gap(p);
	pen_print(p, STYLE_WARNING, "WAITS at place %s in the line", buf_text(&text));
	json_array_foreach(reasons, i, reason) {
		pen_label(p, i == 0 ? "because" : "and");
		pen_foreign(p, STYLE_NORMAL, json_string_value(reason));
	}
	pen_break(p);
	json_decref(reasons);
	buf_release(&text);
}

void timeline_draw(struct pen *p, const struct rowset *events, const struct rowset *commands,
    const struct rowset *waiting, int64_t now) {
	size_t count = 0;
	struct entry *entries = merge(events, commands, &count);

	if (waiting->count > 0) {
		say_waiting(p, waiting->rows[0]);
	}
	if (count > 0 && pen_fits(p, 2)) {
		pen_gap(p);
		pen_say(p, STYLE_HEAD, "HISTORY");
		say_entries(p, entries, count, now);
	}
	free(entries);
}
