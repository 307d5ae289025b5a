#include "model/pool.h"

#include "db/base/buf.h"
#include "db/batch/batch.h"
#include "gen/queries.h"
#include "model/exclusion.h"
#include "model/order.h"
#include "model/syntax/filter.h"
#include "model/syntax/selector.h"
#include "model/syntax/range.h"
#include "model/text/json.h"

const char *const pool_sort_names[] = {
    "name", "free", "percent", "runs-out", "kind", "space", "state", "waiting", "size", "growth", NULL};

static const struct rule create_rules[] = {
    {"pool_name_key", ERR_ALREADY_EXISTS, "a pool of this name exists"},
    {"pool_name_form", ERR_INVALID_INPUT,
	"a pool's name is 1 to 63 of A-Z a-z 0-9 . _ -, the first a letter or digit"},
    {"pool_pkey", ERR_INTERNAL, "the pool's id is in use and is not remembered as a request"},
    {"pool_thresholds_ordered", ERR_INVALID_INPUT, "--warn must not be above --crit, both from 0 to 100"},
    {NULL, ERR_NONE, NULL},
};

size_t pool_list_add(struct batch *b, const struct pool_ask *ask) {
	struct buf selector = {0};
	struct buf order = {0};
	size_t step;

	order_text(ask->order, pool_sort_names[ask->sort], ask->offset, ask->limit, &order);
	step = query_pool_list_add(b, row_filter_text(ask->filter), ask->by_status ? &ask->status : NULL,
	    selector_text(ask->selector, &selector), buf_text(&order));
	buf_release(&order);
	buf_release(&selector);
	return step;
}

size_t pool_show_add(struct batch *b, const char *name) {
	return query_pool_show_add(b, name);
}

size_t pool_history_add(struct batch *b, const char *name) {
	return query_pool_history_add(b, name);
}

size_t pool_free_add(struct batch *b, const char *name, int64_t limit) {
	return query_pool_free_add(b, name, limit);
}

void ranges_json(const struct range *ranges, size_t count, struct buf *out) {
	struct json j = {.out = out};

	json_open_array(&j);
	for (size_t i = 0; i < count; i++) {
		json_open_object(&j);
		range_members(&ranges[i], &j);
		json_close_object(&j);
	}
	json_close_array(&j);
}

size_t pool_create_add(struct batch *b, const struct pool_new *pool, const char *detail) {
	struct buf ranges = {0}, exclude = {0};
	size_t step;

	ranges_json(pool->ranges, pool->count, &ranges);
	exclusions_json(pool->exclude, &exclude);
	step = query_pool_create_add(b, pool->id, pool->name, pool->kind, pool->space, pool->project,
	    pool->warn, pool->crit, pool->ttl, pool->reuse_delay, pool->activate_hook, pool->release_hook,
	    buf_text(&ranges), detail, buf_text(&exclude), pool->unit);
	buf_release(&ranges);
	buf_release(&exclude);
	return batch_rules(b, step, create_rules);
}

size_t pool_add_add(struct batch *b, struct id id, const char *name, const struct range *ranges, size_t count,
    const struct exclusions *exclude, const char *detail) {
	struct buf text = {0}, kept = {0};
	size_t step;

	ranges_json(ranges, count, &text);
	exclusions_json(exclude, &kept);
	step = query_pool_add_add(b, id, name, ranges[0].kind, buf_text(&text), detail, buf_text(&kept));
	buf_release(&text);
	buf_release(&kept);
	return step;
}

size_t pool_remove_add(
    struct batch *b, struct id id, const char *name, const struct range *range, const char *detail) {
	struct buf text = {0};
	size_t step;

	range_text(range, &text);
	step = query_pool_remove_add(
	    b, id, name, range->kind, buf_text(&text), range->first, range->last, range->host, detail);
	buf_release(&text);
	return step;
}

size_t pool_set_add(struct batch *b, struct id id, const char *name, const struct pool_settings *settings,
    const char *detail) {
	return batch_rules(b,
	    query_pool_set_add(b, id, name, settings->warn, settings->crit, settings->ttl,
		settings->reuse_delay, settings->activate_hook, settings->release_hook, detail),
	    create_rules);
}

size_t pool_rename_add(
    struct batch *b, struct id id, const char *name, const char *wanted, const char *detail) {
	return batch_rules(b, query_pool_rename_add(b, id, name, wanted, detail), create_rules);
}

size_t pool_renamed_add(struct batch *b, const char *former) {
	return query_pool_renamed_add(b, former);
}

size_t pool_find_add(struct batch *b, const struct range *range, const char *space, int64_t limit) {
	return query_pool_find_add(b, range->kind, range->host, range->first, range->last, space, limit);
}

size_t pool_delete_add(struct batch *b, struct id id, const char *name, const char *detail) {
	return query_pool_delete_add(b, id, name, detail);
}

size_t doctor_add(struct batch *b) {
	return query_doctor_add(b);
}
