#include "model/lease.h"

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/batch/batch.h"
#include "gen/queries.h"
#include "model/order.h"
#include "model/syntax/filter.h"
#include "model/syntax/selector.h"
#include "model/syntax/states.h"
#include "model/syntax/unit.h"

static const struct rule allocate_rules[] = {
    {"lease_until_ahead", ERR_INVALID_INPUT, "the end of the lease is in the past"},
    {"lease_holder_short", ERR_INVALID_INPUT, "the holder has more than 200 characters"},
    {NULL, ERR_NONE, NULL},
};

const char *const lease_sort_names[] = {
    "newest", "state", "value", "holder", "held", "expires", "pool", "project", "labels", NULL};

static size_t holding_add(
    struct batch *b, const struct lease_ask *ask, const char *states, const char *selector) {
	return query_lease_holding_add(b, ask->unit.kind, ask->unit.first, ask->unit.host, ask->pool,
	    ask->at == 0 ? TIME_NONE : ask->at, states, ask->limit, selector, ask->project,
	    row_filter_text(ask->filter), ask->unit.block ? &ask->unit.last : NULL);
}

static size_t window_add(
    struct batch *b, const struct lease_ask *ask, unsigned states, const char *names, const char *selector) {
	return query_lease_window_add(b, (states & LEASE_LIVE) != 0, (states & 1U << LEASE_DESTROYED) != 0,
	    names, ask->pool, ask->holder, row_filter_text(ask->filter), ask->backwards, ask->after,
	    ask->limit, selector, ask->project, ask->patience);
}

static size_t sorted_add(
    struct batch *b, const struct lease_ask *ask, const char *states, const char *selector) {
	struct buf order = {0};
	size_t step;

	order_text(ask->order, lease_sort_names[ask->sort], ask->offset, ask->limit, &order);
	step = query_lease_sorted_add(b, states, ask->pool, ask->holder, row_filter_text(ask->filter),
	    selector, ask->project, ask->patience, buf_text(&order));
	buf_release(&order);
	return step;
}

/* Returns whether the list has another order than that of the windows. */
static bool is_sorted(const struct lease_ask *ask) {
	return ask->sort != LEASE_BY_BIRTH || (ask->order != NULL && ask->order->reverse);
}

size_t lease_list_add(struct batch *b, const struct lease_ask *ask) {
	unsigned states = ask->states == 0 ? LEASE_LIVE : ask->states;
	struct buf names = {0};
	struct buf selector = {0};
	size_t step;

	states_text(states, lease_state_names, &names);
	const char *wanted = selector_text(ask->selector, &selector);

	step = ask->by_value    ? holding_add(b, ask, buf_text(&names), wanted)
	       : is_sorted(ask) ? sorted_add(b, ask, buf_text(&names), wanted)
				: window_add(b, ask, states, buf_text(&names), wanted);
	buf_release(&names);
	buf_release(&selector);
	return step;
}

size_t lease_search_add(struct batch *b, const struct lease_ask *ask) {
	struct buf selector = {0};
	const char *wanted = selector_text(ask->selector, &selector);
	size_t step = query_lease_search_add(b, ask->pool, ask->holder, ask->project,
	    row_filter_text(ask->filter), wanted, ask->upwards, ask->patience);

	buf_release(&selector);
	return step;
}

size_t lease_show_add(struct batch *b, struct id id) {
	return query_lease_show_add(b, id);
}

size_t lease_seq_add(struct batch *b, struct id id) {
	return query_lease_seq_add(b, id);
}

size_t lease_history_add(struct batch *b, struct id id) {
	return query_lease_history_add(b, id);
}

size_t lease_waiting_add(struct batch *b, struct id id) {
	return query_lease_waiting_add(b, id);
}

static const int64_t *priority_of(const struct allocate *ask) {
	return ask->priority == LEASE_PRIORITY_UNSAID ? NULL : &ask->priority;
}

static size_t allocate_value_add(struct batch *b, const struct allocate *ask) {
	struct buf text = {0};
	size_t step;

	unit_text(&ask->unit, &text);
	step = query_lease_allocate_value_add(b, ask->id, ask->pool, ask->unit.kind, ask->unit.first,
	    ask->unit.host, buf_text(&text), ask->holder, ask->until, ask->duration, priority_of(ask),
	    ask->detail, ask->labels, ask->project, ask->unit.block ? &ask->unit.last : NULL);
	buf_release(&text);
	return step;
}

/* Appends an array of ids: the request's own, then those derived from it by their place. */
static void ids_text(const struct allocate *ask, struct buf *out) {
	char text[ID_TEXT];

	buf_char(out, '{');
	buf_puts(out, id_text(ask->id, text));
	for (int64_t n = 2; n <= ask->count; n++) {
		buf_char(out, ',');
		buf_puts(out, id_text(id_derive(ask->id, (uint64_t)n), text));
	}
	buf_char(out, '}');
}

static size_t allocate_many_add(struct batch *b, const struct allocate *ask) {
	struct buf ids = {0};
	size_t step;

	ids_text(ask, &ids);
	step = query_lease_allocate_many_add(b, buf_text(&ids), ask->pool, ask->holder, ask->until,
	    ask->duration, priority_of(ask), ask->detail, ask->labels, ask->project);
	buf_release(&ids);
	return step;
}

static size_t allocate_one_add(struct batch *b, const struct allocate *ask) {
	return query_lease_allocate_add(b, ask->id, ask->pool, ask->holder, ask->until, ask->duration,
	    priority_of(ask), ask->detail, ask->labels, ask->wait, ask->project);
}

size_t lease_allocate_add(struct batch *b, const struct allocate *ask) {
	size_t step = ask->by_value    ? allocate_value_add(b, ask)
		      : ask->count > 1 ? allocate_many_add(b, ask)
				       : allocate_one_add(b, ask);

	return batch_rules(b, step, allocate_rules);
}

void lease_value(const struct lease *lease, struct buf *out) {
	if (lease->held) {
		unit_name((enum kind)lease->kind, lease->value, lease->host, lease->unit, out);
	}
}
