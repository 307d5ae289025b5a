#include "model/lease.h"

#include <assert.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "model/syntax/selector.h"
#include "model/syntax/states.h"
#include "model/syntax/value.h"

static const struct rule allocate_rules[] = {
    {"lease_until_ahead", ERR_INVALID_INPUT, "the end of the lease is in the past"},
    {"lease_holder_short", ERR_INVALID_INPUT, "the holder has more than 200 characters"},
    {NULL, ERR_NONE, NULL},
};

static struct arg limit_arg(int64_t limit) {
	return limit == 0 ? arg_null(FIELD_INT) : arg_int(limit);
}

static size_t holding_add(
    struct batch *b, const struct lease_ask *ask, const char *states, const char *selector) {
	struct arg args[] = {
	    arg_text(kind_names[ask->kind]),
	    arg_value(ask->value),
	    arg_text(ask->host),
	    arg_text(ask->pool),
	    arg_time(ask->at == 0 ? TIME_NONE : ask->at),
	    arg_text(states),
	    limit_arg(ask->limit),
	    arg_json(selector),
	    arg_text(ask->project),
	};

	return batch_add(b, NULL, QUERY_LEASE_HOLDING, args, sizeof args / sizeof *args, NULL);
}

static size_t window_add(
    struct batch *b, const struct lease_ask *ask, unsigned states, const char *names, const char *selector) {
	struct arg args[] = {
	    arg_bool((states & LEASE_LIVE) != 0),
	    arg_bool((states & 1U << LEASE_DESTROYED) != 0),
	    arg_text(names),
	    arg_text(ask->pool),
	    arg_text(ask->holder),
	    arg_word(ask->match),
	    arg_bool(ask->invert),
	    arg_bool(ask->backwards),
	    limit_arg(ask->after),
	    limit_arg(ask->limit),
	    arg_json(selector),
	    arg_text(ask->project),
	};

	return batch_add(b, NULL, QUERY_LEASE_WINDOW, args, sizeof args / sizeof *args, NULL);
}

size_t lease_list_add(struct batch *b, const struct lease_ask *ask) {
	unsigned states = ask->states == 0 ? LEASE_LIVE : ask->states;
	struct buf names = {0};
	struct buf selector = {0};
	size_t step;

	states_text(states, lease_state_names, &names);
	const char *wanted = selector_text(ask->selector, &selector);

	step = ask->by_value ? holding_add(b, ask, buf_text(&names), wanted)
			     : window_add(b, ask, states, buf_text(&names), wanted);
	buf_release(&names);
	buf_release(&selector);
	return step;
}

size_t lease_show_add(struct batch *b, struct id id) {
	struct arg args[] = {arg_id(id)};

	return batch_add(b, NULL, QUERY_LEASE_SHOW, args, 1, NULL);
}

size_t lease_seq_add(struct batch *b, struct id id) {
	struct arg args[] = {arg_id(id)};

	return batch_add(b, NULL, QUERY_LEASE_SEQ, args, 1, NULL);
}

size_t lease_history_add(struct batch *b, struct id id) {
	struct arg args[] = {arg_id(id)};

	return batch_add(b, NULL, QUERY_LEASE_HISTORY, args, 1, NULL);
}

size_t lease_waiting_add(struct batch *b, struct id id) {
	struct arg args[] = {arg_id(id)};

	return batch_add(b, NULL, QUERY_LEASE_WAITING, args, 1, NULL);
}

enum { MOST_WANTED = 6 };

/* What is wanted differs; for whom, for how long and why comes behind it in all of them. */
static size_t allocation_add(
    struct batch *b, enum query query, const struct allocate *ask, const struct arg *wanted, size_t count) {
	const struct arg terms[] = {
	    arg_text(ask->holder),
	    arg_time(ask->until),
	    limit_arg(ask->duration),
	    ask->priority == LEASE_PRIORITY_UNSAID ? arg_null(FIELD_INT) : arg_int(ask->priority),
	    arg_json(ask->detail),
	    arg_json(ask->labels),
	    arg_text(ask->project),
	};
	struct arg args[MOST_WANTED + sizeof terms / sizeof *terms];

	assert(count <= MOST_WANTED);
	memcpy(args, wanted, count * sizeof *wanted);
	memcpy(args + count, terms, sizeof terms);
	return batch_add(b, NULL, query, args, count + sizeof terms / sizeof *terms, allocate_rules);
}

static size_t allocate_one_add(struct batch *b, const struct allocate *ask) {
	const struct arg wanted[] = {arg_id(ask->id), arg_text(ask->pool)};

	return allocation_add(b, ask->wait ? QUERY_LEASE_ALLOCATE_WAIT : QUERY_LEASE_ALLOCATE, ask, wanted,
	    sizeof wanted / sizeof *wanted);
}

static size_t allocate_value_add(struct batch *b, const struct allocate *ask) {
	struct buf text = {0};
	size_t step;

	value_text(ask->kind, ask->value, ask->host, &text);
	const struct arg wanted[] = {
	    arg_id(ask->id),
	    arg_text(ask->pool),
	    arg_text(kind_names[ask->kind]),
	    arg_value(ask->value),
	    arg_text(ask->host),
	    arg_text(buf_text(&text)),
	};
	step = allocation_add(b, QUERY_LEASE_ALLOCATE_VALUE, ask, wanted, sizeof wanted / sizeof *wanted);
	buf_release(&text);
	return step;
}

/* The first id is the request's, the others are derived from it by their place. */
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
	const struct arg wanted[] = {arg_text(buf_text(&ids)), arg_text(ask->pool)};
	step = allocation_add(b, QUERY_LEASE_ALLOCATE_MANY, ask, wanted, sizeof wanted / sizeof *wanted);
	buf_release(&ids);
	return step;
}

size_t lease_allocate_add(struct batch *b, const struct allocate *ask) {
	if (ask->by_value) {
		return allocate_value_add(b, ask);
	}
	return ask->count > 1 ? allocate_many_add(b, ask) : allocate_one_add(b, ask);
}

void lease_value(const struct lease *lease, struct buf *out) {
	if (lease->held) {
		value_text((enum kind)lease->kind, lease->value, lease->host, out);
	}
}
