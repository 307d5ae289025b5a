/*
 * Checks that a value has one holder at a time: by the order of events, by the times of the rows, and by
 * the answers to clients.
 *
 * The order of events needs no clock: a lease holds its value from its creation, or from the event that
 * gave it the value, until the event that destroyed it, and the next holder has later events.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/mem.h"
#include "tests/chaos/checker.h"

/* An interval in which a lease certainly holds its value: of event numbers, or of steady time. */
struct hold {
	struct id id;
	struct id resource; /* nil in answers to clients */
	const char *pool;
	const char *value;
	int64_t from;
	int64_t to;      /* exclusive */
	int64_t created; /* event number; a lease that was pending is created before `from` */
	int64_t acquired;
	int64_t destroyed;
};

static int by_value(const void *a, const void *b) {
	const struct hold *x = a;
	const struct hold *y = b;
	int order = memcmp(&x->resource, &y->resource, sizeof x->resource);

	order = order != 0 ? order : strcmp(x->pool, y->pool);
	order = order != 0 ? order : strcmp(x->value, y->value);
	return order != 0 ? order : (x->from > y->from) - (x->from < y->from);
}

static bool same_value(const struct hold *a, const struct hold *b) {
	return id_equal(a->resource, b->resource) && strcmp(a->pool, b->pool) == 0 &&
	       strcmp(a->value, b->value) == 0;
}

static const struct event_row *event_of(const struct final *f, struct id lease, const char *action) {
	size_t count;
	const struct event_row *events = final_events(f, lease, &count);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(events[i].action, action) == 0) {
			return &events[i];
		}
	}
	return NULL;
}

/* Returns true when all events of the lease are remembered. */
static bool is_remembered(const struct final *f, const struct lease_row *l) {
	size_t count;
	const struct event_row *events = final_events(f, l->id, &count);

	return count == 0 ? l->generation == 1 : events[0].before.generation == 1;
}

/* Finds the interval of a lease. False: it holds nothing, or the interval is no longer known. */
static bool hold_of(const struct final *f, const struct lease_row *l, struct hold *hold) {
	const struct event_row *fill = event_of(f, l->id, "fill");
	const struct event_row *end = event_of(f, l->id, "destroy");
	bool destroyed = strcmp(l->state, "destroyed") == 0;

	if (l->value[0] == '\0' || !is_remembered(f, l) || (destroyed && end == NULL)) {
		return false;
	}
	*hold = (struct hold){.id = l->id,
	    .resource = l->resource,
	    .pool = l->pool,
	    .value = l->value,
	    .from = fill == NULL ? l->seq : fill->seq,
	    .to = destroyed ? end->seq : INT64_MAX,
	    .created = l->seq,
	    .acquired = l->acquired,
	    .destroyed = l->destroyed};
	return true;
}

static bool jumped(const struct final *f, int64_t from, int64_t to) {
	for (size_t i = 0; i < f->jump_count; i++) {
		if (f->jumps[i].from <= to && f->jumps[i].to >= from) {
			return true;
		}
	}
	return false;
}

static void check_rows(const struct final *f, struct verdict *v) {
	struct hold *holds = mem_new(f->lease_count, sizeof *holds);
	size_t n = 0;

	for (size_t i = 0; i < f->lease_count; i++) {
		n += hold_of(f, &f->leases[i], &holds[n]) ? 1 : 0;
	}
	qsort(holds, n, sizeof *holds, by_value);
	for (size_t i = 1; i < n; i++) {
		const struct hold *a = &holds[i - 1];
		const struct hold *b = &holds[i];

		if (!same_value(a, b)) {
			continue;
		}
		verdict_add(v, CHECK_HELD_IN_ORDER, a->to < b->from, a->id, b->id,
		    "%s of %s: one lease has it up to event %" PRId64 ", the next from event %" PRId64 " on",
		    a->value, a->pool, a->to, b->from);
		/* No time of a lease is before its creation, even if the clock was ahead then. */
		if (a->to < b->from) {
			verdict_add(v, CHECK_HELD_IN_TIME,
			    a->destroyed <= b->acquired || jumped(f, a->created, b->from), a->id, b->id,
			    "%s of %s: destroyed %" PRId64 " us after the next lease of it was acquired",
			    a->value, a->pool, a->destroyed - b->acquired);
		}
	}
	free(holds);
}

/* --- answers to clients --- */

/* A call that may end a lease. */
struct ending {
	struct id lease;
	int64_t at;
};

/* A call that may end all leases of a pool. */
struct sweep {
	const char *pool;
	int64_t began;
	int64_t over; /* TIME_NONE: unknown */
};

struct told {
	const struct final *final;
	struct ending *endings;
	size_t ending_count;
	struct sweep *sweeps;
	size_t sweep_count;
	struct hold *holds;
	size_t hold_count;
};

static int by_lease(const void *a, const void *b) {
	const struct ending *x = a;
	const struct ending *y = b;
	int order = memcmp(&x->lease, &y->lease, sizeof x->lease);

	return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

static void take_ending(struct told *t, const struct call *call, const struct deed *deed) {
	if (deed->kind != DEED_RELEASE && deed->kind != DEED_MEND) {
		return;
	}
	for (size_t i = 0; i < deed->target_count; i++) {
		t->endings = mem_grow(t->endings, t->ending_count + 1, sizeof *t->endings);
		t->endings[t->ending_count++] = (struct ending){deed->targets[i], call->began};
	}
	if (deed->target_count == 0) {
		t->sweeps = mem_grow(t->sweeps, t->sweep_count + 1, sizeof *t->sweeps);
		t->sweeps[t->sweep_count++] = (struct sweep){deed->pool, call->began,
		    deed->wait && call_is_acknowledged(call) ? call->ended : TIME_NONE};
	}
}

static int64_t first_ending(const struct told *t, struct id lease) {
	size_t low = 0;
	size_t high = t->ending_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(&t->endings[middle].lease, &lease, sizeof lease) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return high < t->ending_count && id_equal(t->endings[high].lease, lease) ? t->endings[high].at
										 : INT64_MAX;
}

static int64_t lesser(int64_t a, int64_t b) {
	return a < b ? a : b;
}

/* Returns until when a lease that was seen at the end of this call certainly exists. */
static int64_t certain_until(
    const struct told *t, const struct call *call, const struct deed *deed, const struct told_lease *l) {
	int64_t to = first_ending(t, l->id);

	if (deed->span > 0) {
		to = lesser(to, call->began + deed->span);
		to = t->final->first_jump == TIME_NONE ? to : lesser(to, t->final->first_jump);
	}
	for (size_t i = 0; i < t->sweep_count; i++) {
		const struct sweep *s = &t->sweeps[i];

		if (strcmp(s->pool, l->pool) == 0 && (s->over == TIME_NONE || s->over > call->began)) {
			to = lesser(to, s->began);
		}
	}
	return to;
}

static const struct deed *deed_of(const struct call *call, struct id lease) {
	for (size_t i = 0; i < call->deed_count; i++) {
		const struct deed *deed = &call->deeds[i];

		for (int64_t n = 0; deed->kind == DEED_ALLOCATE && n < deed->count; n++) {
			if (id_equal(deed_lease(deed, n), lease)) {
				return deed;
			}
		}
	}
	return NULL;
}

/* Takes the intervals from the call that created the lease; a replay may request another end. */
static void take_holds(struct told *t, const struct call *call) {
	for (size_t i = 0; i < call->lease_count; i++) {
		const struct told_lease *l = &call->leases[i];
		const struct deed *deed = deed_of(call, l->id);
		bool holds = strcmp(l->state, "acquired") == 0 || strcmp(l->state, "active") == 0;
		int64_t to;

		if (deed == NULL || l->replayed || !holds || l->value[0] == '\0') {
			continue;
		}
		to = certain_until(t, call, deed, l);
		if (to > call->ended) {
			t->holds = mem_grow(t->holds, t->hold_count + 1, sizeof *t->holds);
			t->holds[t->hold_count++] = (struct hold){
			    .id = l->id, .pool = l->pool, .value = l->value, .from = call->ended, .to = to};
		}
	}
}

static void compare_holds(struct told *t, struct verdict *v) {
	const struct hold *longest = NULL;

	if (t->hold_count == 0) {
		return;
	}
	qsort(t->holds, t->hold_count, sizeof *t->holds, by_value);
	longest = &t->holds[0];
	for (size_t i = 1; i < t->hold_count; i++) {
		const struct hold *h = &t->holds[i];

		if (same_value(longest, h)) {
			verdict_add(v, CHECK_HELD_AS_TOLD,
			    longest->to <= h->from || id_equal(longest->id, h->id), longest->id, h->id,
			    "%s of %s was acknowledged to two while the first had it", h->value, h->pool);
		}
		if (!same_value(longest, h) || h->to > longest->to) {
			longest = h;
		}
	}
}

static void check_told(const struct history *h, const struct final *f, struct verdict *v) {
	struct told t = {.final = f};

	for (size_t i = 0; i < history_count(h); i++) {
		const struct call *call = history_at(h, i);

		for (size_t n = 0; n < call->deed_count && !call_is_denied(call); n++) {
			take_ending(&t, call, &call->deeds[n]);
		}
	}
	if (t.ending_count > 0) {
		qsort(t.endings, t.ending_count, sizeof *t.endings, by_lease);
	}
	for (size_t i = 0; i < history_count(h); i++) {
		if (call_is_acknowledged(history_at(h, i))) {
			take_holds(&t, history_at(h, i));
		}
	}
	compare_holds(&t, v);
	free(t.endings);
	free(t.sweeps);
	free(t.holds);
}

void check_holders(const struct history *h, const struct final *f, struct verdict *v) {
	check_rows(f, v);
	check_told(h, f, v);
}
