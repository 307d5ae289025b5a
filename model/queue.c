#include "model/queue.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "model/syntax/states.h"

const char *const queue_action_names[] = {
    "release", "reclaim", "cordon", "uncordon", "extend", "retry", "skip", "force", "delete", NULL};

static const struct rule queue_rules[] = {
    {"command_reason_short", ERR_INVALID_INPUT, "the reason has more than 1000 characters"},
    {NULL, ERR_NONE, NULL},
};

static struct arg positive_arg(int64_t number) {
	return number == 0 ? arg_null(FIELD_INT) : arg_int(number);
}

static size_t delete_add(struct batch *b, const struct wish *wish) {
	const struct arg args[] = {
	    arg_id(wish->id),
	    arg_text(wish->targets[0].name),
	    arg_text(wish->reason),
	    wish->grace < 0 ? arg_null(FIELD_INT) : arg_int(wish->grace),
	    positive_arg(wish->generation),
	    arg_json(wish->detail),
	};

	assert(wish->count == 1 && wish->targets[0].kind == TARGET_PROJECT);
	return batch_add(b, NULL, QUERY_PROJECT_DELETE, args, sizeof args / sizeof *args, queue_rules);
}

size_t queue_add(struct batch *b, const struct wish *wish) {
	struct buf targets = {0};
	size_t step;

	if (wish->action == QUEUE_DELETE) {
		return delete_add(b, wish);
	}
	targets_json(wish->targets, wish->count, &targets);
	const struct arg args[] = {
	    arg_id(wish->id),
	    arg_text(queue_action_names[wish->action]),
	    arg_json(buf_text(&targets)),
	    arg_text(wish->reason),
	    wish->grace < 0 ? arg_null(FIELD_INT) : arg_int(wish->grace),
	    positive_arg(wish->generation),
	    arg_time(wish->until),
	    positive_arg(wish->duration),
	    arg_bool(wish->shorten),
	    arg_json(wish->detail),
	};
	step = batch_add(b, NULL, QUERY_COMMAND_QUEUE, args, sizeof args / sizeof *args, queue_rules);
	buf_release(&targets);
	return step;
}

void queue_counts(const struct command *c, struct buf *out) {
	const struct {
		int64_t count;
		const char *word;
	} ways[] = {{c->applied, "applied"}, {c->noop, "no-op"}, {c->rejected, "rejected"},
	    {c->failed, "failed"}, {c->cancelled, "cancelled"}};
	const char *between = "";

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		if (ways[i].count != 0) {
			buf_printf(out, "%s%" PRId64 " %s", between, ways[i].count, ways[i].word);
			between = ", ";
		}
	}
}

bool queue_partly(const struct command *c) {
	return c->bulk && c->outcome != NULL && strcmp(c->outcome, "applied") == 0 &&
	       strcmp(c->action, queue_action_names[QUEUE_DELETE]) != 0 && c->rejected + c->cancelled > 0;
}

size_t queue_cancel_add(struct batch *b, struct id id, const char *reason, const char *detail) {
	const struct arg args[] = {arg_id(id), arg_text(reason), arg_json(detail)};

	return batch_add(b, NULL, QUERY_COMMAND_CANCEL, args, 3, queue_rules);
}

size_t queue_show_add(struct batch *b, struct id id) {
	const struct arg args[] = {arg_id(id)};

	return batch_add(b, NULL, QUERY_COMMAND_SHOW, args, 1, NULL);
}

size_t queue_list_add(struct batch *b, const struct queue_ask *ask) {
	unsigned states = ask->states == 0 ? QUEUE_OPEN : ask->states;
	struct buf names = {0};
	size_t step;

	states_text(states, command_state_names, &names);
	const struct arg args[] = {
	    arg_text(buf_text(&names)),
	    arg_text(ask->kind),
	    arg_id(ask->target_id),
	    arg_id(ask->parent),
	    arg_word(ask->match),
	    arg_bool(ask->invert),
	    arg_bool(ask->backwards),
	    positive_arg(ask->after),
	    positive_arg(ask->limit),
	};
	step = batch_add(b, NULL, (states & ~QUEUE_OPEN) == 0 ? QUERY_COMMAND_OPEN : QUERY_COMMAND_ALL, args,
	    sizeof args / sizeof *args, NULL);
	buf_release(&names);
	return step;
}

size_t queue_of_lease_add(struct batch *b, struct id lease) {
	const struct arg args[] = {arg_id(lease)};

	return batch_add(b, NULL, QUERY_COMMAND_OF_LANE, args, 1, NULL);
}

size_t queue_stats_add(struct batch *b) {
	return batch_add(b, NULL, QUERY_QUEUE_STATS, NULL, 0, NULL);
}

size_t queue_right_add(struct batch *b) {
	return batch_add(b, NULL, QUERY_QUEUE_RIGHT, NULL, 0, NULL);
}

size_t release_plan_add(struct batch *b, const struct target *targets, size_t count) {
	struct buf text = {0};
	size_t step;

	targets_json(targets, count, &text);
	const struct arg args[] = {arg_json(buf_text(&text))};
	step = batch_add(b, NULL, QUERY_RELEASE_PLAN, args, 1, NULL);
	buf_release(&text);
	return step;
}

size_t release_sample_add(struct batch *b, const struct target *targets, size_t count, int64_t limit) {
	struct buf text = {0};
	size_t step;

	targets_json(targets, count, &text);
	const struct arg args[] = {arg_json(buf_text(&text)), arg_int(limit)};
	step = batch_add(b, NULL, QUERY_RELEASE_SAMPLE, args, 2, NULL);
	buf_release(&text);
	return step;
}

size_t event_list_add(struct batch *b, const struct event_ask *ask) {
	const struct arg args[] = {
	    arg_text(ask->kind),
	    arg_id(ask->target),
	    positive_arg(ask->after),
	    arg_time(ask->since),
	    arg_bool(ask->newest),
	    positive_arg(ask->limit),
	};

	return batch_add(b, NULL, QUERY_EVENT_LIST, args, sizeof args / sizeof *args, NULL);
}

size_t event_news_add(struct batch *b, const struct event_ask *ask, const char *place) {
	const struct arg args[] = {
	    arg_text(ask->kind),
	    arg_id(ask->target),
	    positive_arg(ask->after),
	    arg_time(ask->since),
	    arg_bool(ask->newest),
	    positive_arg(ask->limit),
	    arg_json(place),
	};

	return batch_add(b, NULL, QUERY_EVENT_NEWS, args, sizeof args / sizeof *args, NULL);
}
