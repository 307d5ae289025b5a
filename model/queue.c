#include "model/queue.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/batch/batch.h"
#include "gen/queries.h"
#include "model/syntax/filter.h"
#include "model/metadata.h"
#include "model/order.h"
#include "model/syntax/states.h"

const char *const queue_action_names[] = {"release", "reclaim", "cordon", "uncordon", "extend", "transfer",
    "label", "retry", "skip", "force", "delete", NULL};

const char *const queue_sort_names[] = {
    "newest", "urgent", "state", "action", "target", "by", "lag", "tries", "next", "outcome", NULL};

static const struct rule queue_rules[] = {
    {"command_reason_short", ERR_INVALID_INPUT, "the reason has more than 1000 characters"},
    {NULL, ERR_NONE, NULL},
};

static const int64_t *grace_of(const struct queue_request *request) {
	return request->grace < 0 ? NULL : &request->grace;
}

static size_t delete_add(struct batch *b, const struct queue_request *request) {
	assert(request->count == 1 && request->targets[0].kind == TARGET_PROJECT);
	return query_project_delete_add(b, request->id, request->targets[0].name, request->reason,
	    grace_of(request), request->generation, request->detail, request->targets[0].seen);
}

/* Appends the labels of a request, for berth.apply_label(). */
static void labels_text(const struct metadata_edit *labels, struct buf *out) {
	buf_printf(out, "{\"set\":%s,\"gone\":%s}", labels->set.len > 0 ? buf_text(&labels->set) : "{}",
	    labels->gone.len > 0 ? buf_text(&labels->gone) : "[]");
}

static size_t command_add(struct batch *b, const struct queue_request *request) {
	struct buf targets = {0}, labels = {0};
	size_t step;

	if (request->labels != NULL) {
		labels_text(request->labels, &labels);
	}
	targets_json(request->targets, request->count, &targets);
	step = query_command_queue_add(b, request->id, queue_action_names[request->action],
	    buf_text(&targets), request->reason, grace_of(request), request->generation, request->until,
	    request->duration, request->shorten, request->detail, labels.len > 0 ? buf_text(&labels) : NULL,
	    request->action == QUEUE_TRANSFER ? request->holder : NULL);
	buf_release(&labels);
	buf_release(&targets);
	return step;
}

size_t queue_add(struct batch *b, const struct queue_request *request) {
	size_t step = request->action == QUEUE_DELETE ? delete_add(b, request) : command_add(b, request);

	return batch_rules(b, step, queue_rules);
}

enum target_kind queue_item_kind(enum queue_action action, const struct target *first) {
	return action == QUEUE_RELEASE || action == QUEUE_DELETE ? TARGET_LEASE : target_single(first->kind);
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
	return batch_rules(b, query_command_cancel_add(b, id, reason, detail), queue_rules);
}

size_t queue_cancel_all_add(
    struct batch *b, const struct id *ids, size_t count, const char *reason, const char *detail) {
	struct buf list = {0};
	char text[ID_TEXT];
	size_t step;

	for (size_t i = 0; i < count; i++) {
		buf_printf(&list, "%s%s", i == 0 ? "{" : ",", id_text(ids[i], text));
	}
	buf_puts(&list, "}");
	step = query_command_cancel_all_add(b, buf_text(&list), reason, detail);
	buf_release(&list);
	return batch_rules(b, step, queue_rules);
}

size_t queue_at_add(struct batch *b, int64_t seq) {
	return query_command_at_add(b, seq);
}

size_t queue_show_add(struct batch *b, struct id id) {
	return query_command_show_add(b, id);
}

static size_t sorted_add(struct batch *b, const struct queue_ask *ask, const char *states) {
	struct buf order = {0};
	size_t step;

	order_text(ask->order, queue_sort_names[ask->sort], ask->offset, ask->limit, &order);
	step = query_command_sorted_add(b, states, ask->kind, ask->target_id, ask->parent,
	    row_filter_text(ask->filter), ask->patience, buf_text(&order));
	buf_release(&order);
	return step;
}

size_t queue_list_add(struct batch *b, const struct queue_ask *ask) {
	unsigned states = ask->states == 0 ? QUEUE_OPEN : ask->states;
	struct buf names = {0};
	size_t step;

	states_text(states, command_state_names, &names);
	if (ask->sort != QUEUE_BY_BIRTH || (ask->order != NULL && ask->order->reverse)) {
		step = sorted_add(b, ask, buf_text(&names));
	} else if (row_filter_text(ask->filter) != NULL) {
		step = query_command_find_add(b, buf_text(&names), ask->kind, ask->target_id, ask->parent,
		    row_filter_text(ask->filter), ask->backwards, ask->after, ask->limit, ask->patience);
	} else {
		step = ((states & ~QUEUE_OPEN) == 0 ? query_command_open_add : query_command_all_add)(b,
		    buf_text(&names), ask->kind, ask->target_id, ask->parent, ask->backwards, ask->after,
		    ask->limit);
	}
	buf_release(&names);
	return step;
}

size_t queue_search_add(struct batch *b, const struct queue_ask *ask) {
	struct buf names = {0};
	size_t step;

	states_text(ask->states == 0 ? QUEUE_OPEN : ask->states, command_state_names, &names);
	step = query_command_search_add(
	    b, buf_text(&names), ask->parent, row_filter_text(ask->filter), ask->upwards, ask->patience);
	buf_release(&names);
	return step;
}

size_t queue_of_lease_add(struct batch *b, struct id lease) {
	return query_command_of_lane_add(b, lease);
}

size_t queue_stats_add(struct batch *b) {
	return query_queue_stats_add(b);
}

size_t queue_right_add(struct batch *b) {
	return query_queue_right_add(b);
}

size_t queue_plan_add(struct batch *b, const struct queue_request *request) {
	struct buf text = {0};
	size_t step;

	targets_json(request->targets, request->count, &text);
	step = request->action == QUEUE_RELEASE || request->action == QUEUE_DELETE
		   ? query_release_plan_add(b, buf_text(&text))
		   : query_bulk_plan_add(b, queue_action_names[request->action], buf_text(&text));
	buf_release(&text);
	return step;
}

size_t queue_sample_add(struct batch *b, const struct queue_request *request, int64_t limit) {
	static size_t (*const samples[])(struct batch *, const char *, const char *, int64_t) = {
	    [TARGET_LEASE] = query_bulk_leases_add,
	    [TARGET_RESOURCE] = query_bulk_resources_add,
	    [TARGET_POOL] = query_bulk_pools_add,
	    [TARGET_COMMAND] = query_bulk_commands_add,
	};
	enum queue_action action = request->action == QUEUE_DELETE ? QUEUE_RELEASE : request->action;
	struct buf text = {0};
	size_t step;

	targets_json(request->targets, request->count, &text);
	step = samples[queue_item_kind(action, request->targets)](
	    b, queue_action_names[action], buf_text(&text), limit);
	buf_release(&text);
	return step;
}

size_t queue_named_add(struct batch *b, const struct target *targets, size_t count) {
	struct buf text = {0};
	size_t step;

	targets_json(targets, count, &text);
	step = query_named_targets_add(b, buf_text(&text));
	buf_release(&text);
	return step;
}

void queue_named_take(struct target *targets, size_t count, const struct batch *b, size_t step) {
	assert(batch_count(b, step) == count);
	for (size_t i = 0; i < count; i++) {
		targets[i].seen = ((const struct named_target *)batch_row(b, step, i))->id;
	}
}

size_t release_busy_add(struct batch *b, const struct target *targets, size_t count, int64_t limit) {
	struct buf text = {0};
	size_t step;

	targets_json(targets, count, &text);
	step = query_release_busy_add(b, buf_text(&text), limit);
	buf_release(&text);
	return step;
}

size_t open_plan_note_add(struct batch *b, struct id id, const char *doing) {
	return query_open_plan_note_add(b, id, doing);
}

size_t open_plans_add(struct batch *b, struct id self) {
	return query_open_plans_add(b, self);
}

size_t event_list_add(struct batch *b, const struct event_ask *ask) {
	return query_event_list_add(
	    b, ask->kind, ask->target, ask->after, ask->since, ask->newest, ask->limit);
}

size_t event_own_add(struct batch *b, int64_t limit) {
	return query_event_own_add(b, limit);
}

size_t event_evidence_add(struct batch *b) {
	return query_event_evidence_add(b);
}

size_t event_expect_add(struct batch *b, const char *evidence, bool again) {
	return query_event_expect_add(b, evidence, again);
}

size_t event_news_add(struct batch *b, const struct event_ask *ask, const char *place) {
	return query_event_news_add(
	    b, ask->kind, ask->target, ask->after, ask->since, ask->newest, ask->limit, place);
}
