/*
 * Checks that events lead to the state of the rows: each begins where the previous one ended, the last one
 * ends at the row's state, and generations increase by one.
 */
#include <inttypes.h>
#include <string.h>

#include "tests/chaos/checker.h"

/* A row with its events. */
struct subject {
	struct id id;
	const char *what;
	const char *state;
	int64_t generation;
	int cordoned; /* -1: does not apply */
	bool born_untold;
};

/* Compares two texts; an absent one agrees with anything. */
static bool agree_text(const char *a, const char *b) {
	return a[0] == '\0' || b[0] == '\0' || strcmp(a, b) == 0;
}

static bool agree(const struct side *a, const struct side *b) {
	return agree_text(a->state, b->state) &&
	       (a->generation == 0 || b->generation == 0 || a->generation == b->generation) &&
	       (a->cordoned < 0 || b->cordoned < 0 || a->cordoned == b->cordoned);
}

static void check_step(
    const struct subject *s, const struct event_row *last, const struct event_row *event, struct verdict *v) {
	bool rises = event->before.there && event->before.generation > 0 && event->after.generation > 0;

	if (last != NULL && event->before.there) {
		verdict_add(v, CHECK_EVENTS_STATE, agree(&last->after, &event->before), s->id, event->command,
		    "%s: event %" PRId64 " %s begins with %s, generation %" PRId64 "; event %" PRId64
		    " %s ended with %s, generation %" PRId64,
		    s->what, event->seq, event->action, event->before.state, event->before.generation,
		    last->seq, last->action, last->after.state, last->after.generation);
	}
	if (rises) {
		int64_t step = event->after.generation - event->before.generation;

		verdict_add(v, CHECK_EVENTS_STATE, step == 0 || step == 1, s->id, event->command,
		    "%s: event %" PRId64 " %s raises the generation by %" PRId64, s->what, event->seq,
		    event->action, step);
	}
}

static void check_first(
    const struct subject *s, const struct event_row *first, bool forgets, struct verdict *v) {
	if (!forgets && first->before.there && first->before.generation > 0) {
		verdict_add(v, CHECK_EVENTS_STATE, first->before.generation == 1, s->id, first->command,
		    "%s: its first event, %" PRId64 " %s, begins with generation %" PRId64, s->what,
		    first->seq, first->action, first->before.generation);
	}
}

static void check_subject(const struct final *f, const struct subject *s, struct verdict *v) {
	const struct side row = {
	    .state = "", .there = true, .generation = s->generation, .cordoned = s->cordoned};
	size_t count;
	const struct event_row *events = final_events(f, s->id, &count);
	const struct event_row *last = NULL;

	for (size_t i = 0; i < count; i++) {
		if (i == 0) {
			check_first(s, &events[0], f->forgets, v);
		}
		check_step(s, last, &events[i], v);
		last = &events[i];
	}
	if (last == NULL) {
		verdict_add(v, CHECK_EVENTS_STATE, f->forgets || (s->born_untold && s->generation == 1),
		    s->id, NO_ID, "%s is %s, generation %" PRId64 ", and there is no event of it", s->what,
		    s->state, s->generation);
		return;
	}
	verdict_add(v, CHECK_EVENTS_STATE,
	    agree(&last->after, &row) && agree_text(last->after.state, s->state), s->id, last->command,
	    "%s is %s, generation %" PRId64 "; its last event, %" PRId64 " %s, says %s, generation %" PRId64,
	    s->what, s->state, s->generation, last->seq, last->action, last->after.state,
	    last->after.generation);
}

static void check_lease(const struct final *f, const struct lease_row *l, struct verdict *v) {
	const struct subject s = {.id = l->id,
	    .what = "the lease",
	    .state = l->state,
	    .generation = l->generation,
	    .cordoned = -1,
	    .born_untold = true};
	size_t count;
	const struct event_row *events = final_events(f, l->id, &count);

	check_subject(f, &s, v);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(events[i].action, "fill") == 0) {
			verdict_add(v, CHECK_EVENTS_STATE, strcmp(events[i].after.value, l->value) == 0,
			    l->id, NO_ID, "the lease has %s, and was filled with %s", l->value,
			    events[i].after.value);
		}
	}
}

void check_events(const struct final *f, struct verdict *v) {
	for (size_t i = 0; i < f->lease_count; i++) {
		check_lease(f, &f->leases[i], v);
	}
	for (size_t i = 0; i < f->resource_count; i++) {
		const struct resource_row *r = &f->resources[i];
		const struct subject s = {.id = r->id,
		    .what = "the resource",
		    .state = r->state,
		    .generation = r->generation,
		    .cordoned = r->cordoned ? 1 : 0};

		check_subject(f, &s, v);
	}
	for (size_t i = 0; i < f->event_count; i++) {
		const struct event_row *e = &f->events[i];

		if (strcmp(e->kind, "lease") == 0 && !f->forgets) {
			verdict_add(v, CHECK_EVENTS_STATE, final_lease(f, e->target) != NULL, e->target,
			    e->command, "event %" PRId64 " %s is about a lease that is not there", e->seq,
			    e->action);
		}
	}
}
