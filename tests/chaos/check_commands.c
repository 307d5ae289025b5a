/*
 * Checks the queue: a command is applied at most once, its end is final, and one that expects a generation
 * has met it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "tests/chaos/checker.h"

/* The events of commands, ordered by command and number. */
struct caused {
	const struct event_row **events;
	size_t count;
};

static int by_command(const void *a, const void *b) {
	const struct event_row *x = *(const struct event_row *const *)a;
	const struct event_row *y = *(const struct event_row *const *)b;
	int order = memcmp(&x->command, &y->command, sizeof x->command);

	return order != 0 ? order : (x->seq > y->seq) - (x->seq < y->seq);
}

/* Returns true for events that change something; that of an expiry is an event of its release and changes
 * nothing. */
static bool changes(const struct event_row *e) {
	return e->after.generation != e->before.generation;
}

static struct caused caused_of(const struct final *f) {
	struct caused c = {mem_new(f->event_count, sizeof(void *)), 0};

	for (size_t i = 0; i < f->event_count; i++) {
		if (!id_is_nil(f->events[i].command) && changes(&f->events[i])) {
			c.events[c.count++] = &f->events[i];
		}
	}
	if (c.count > 0) {
		qsort(c.events, c.count, sizeof(void *), by_command);
	}
	return c;
}

static size_t first_of(const struct caused *c, struct id command) {
	size_t low = 0;
	size_t high = c->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(&c->events[middle]->command, &command, sizeof command) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return high;
}

static size_t count_of(const struct caused *c, struct id command, const char *action) {
	size_t n = 0;

	for (size_t i = first_of(c, command); i < c->count && id_equal(c->events[i]->command, command); i++) {
		n += action == NULL || strcmp(c->events[i]->action, action) == 0 ? 1 : 0;
	}
	return n;
}

static bool is(const char *a, const char *b) {
	return strcmp(a, b) == 0;
}

static bool is_plain(const struct command_row *row) {
	return !row->bulk && (is(row->action, "release") || is(row->action, "extend") ||
				 is(row->action, "cordon") || is(row->action, "uncordon"));
}

static void check_once(
    const struct final *f, const struct caused *c, const struct command_row *row, struct verdict *v) {
	size_t own = count_of(c, row->id, row->action);
	size_t all = count_of(c, row->id, NULL);
	bool untouched =
	    is(row->outcome, "noop") || is(row->outcome, "rejected") || is(row->state, "cancelled");

	if (!is_plain(row)) {
		return;
	}
	if (is(row->outcome, "applied")) {
		verdict_add(v, CHECK_COMMANDS_ONCE, own == 1 || (f->forgets && own == 0), row->id,
		    row->target, "%s was applied, and has %zu events", row->action, own);
		verdict_add(v, CHECK_COMMANDS_ONCE, count_of(c, row->id, "destroy") <= 1, row->id,
		    row->target, "%s has destroyed its lease more than once", row->action);
	} else if (untouched && row->epoch == 0) {
		verdict_add(v, CHECK_COMMANDS_ONCE, all == 0, row->id, row->target,
		    "%s is %s %s, and has %zu events", row->action, row->state, row->outcome, all);
	}
}

static void check_fence(const struct caused *c, const struct command_row *row, struct verdict *v) {
	size_t first = first_of(c, row->id);

	if (row->expected == 0 || row->bulk || !is(row->outcome, "applied") || first == c->count ||
	    !id_equal(c->events[first]->command, row->id)) {
		return;
	}
	verdict_add(v, CHECK_FENCES, c->events[first]->before.generation == row->expected, row->id,
	    row->target, "%s expects generation %" PRId64 ", and was applied to generation %" PRId64,
	    row->action, row->expected, c->events[first]->before.generation);
}

static void check_told(const struct final *f, const struct call *call, struct verdict *v) {
	for (size_t i = 0; i < call->command_count; i++) {
		const struct told_command *told = &call->commands[i];
		const struct command_row *row = final_command(f, told->id);
		bool ended = told->outcome[0] != '\0' || is(told->state, "cancelled");

		if (row == NULL || told->bulk || row->bulk || !ended) {
			continue;
		}
		verdict_add(v, CHECK_COMMANDS_FINAL,
		    is(row->outcome, told->outcome) && is(row->state, told->state), row->id, row->target,
		    "call %zu was told that it is %s %s, and it is %s %s", call->number, told->state,
		    told->outcome, row->state, row->outcome);
	}
}

void check_commands(const struct history *h, const struct final *f, struct verdict *v) {
	struct caused c = caused_of(f);

	for (size_t i = 0; i < f->command_count; i++) {
		check_once(f, &c, &f->commands[i], v);
		check_fence(&c, &f->commands[i], v);
	}
	for (size_t i = 0; i < history_count(h); i++) {
		check_told(f, history_at(h, i), v);
	}
	free(c.events);
}
