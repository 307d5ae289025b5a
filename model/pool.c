#include "model/pool.h"

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "model/syntax/selector.h"
#include "model/syntax/value.h"

const char *const pool_sort_names[] = {"name", "free", "percent", "runs-out", NULL};

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
	size_t step;
	const struct arg args[] = {
	    arg_word(ask->match),
	    arg_bool(ask->invert),
	    arg_text(ask->by_status ? pool_status_names[ask->status] : NULL),
	    arg_text(pool_sort_names[ask->sort]),
	    arg_int(ask->offset),
	    ask->limit == 0 ? arg_null(FIELD_INT) : arg_int(ask->limit),
	    arg_json(selector_text(ask->selector, &selector)),
	};

	step = batch_add(b, NULL, QUERY_POOL_LIST, args, sizeof args / sizeof *args, NULL);
	buf_release(&selector);
	return step;
}

size_t pool_total_add(struct batch *b, const struct pool_ask *ask) {
	struct buf selector = {0};
	const struct arg match = arg_word(ask->match), invert = arg_bool(ask->invert),
			 wanted = arg_json(selector_text(ask->selector, &selector));
	const struct arg of_status[] = {match, invert, arg_text(pool_status_names[ask->status]), wanted};
	const struct arg of_all[] = {match, invert, wanted};
	size_t step = ask->by_status ? batch_add(b, NULL, QUERY_POOL_TOTAL_BY_STATUS, of_status, 4, NULL)
				     : batch_add(b, NULL, QUERY_POOL_TOTAL, of_all, 3, NULL);

	buf_release(&selector);
	return step;
}

size_t pool_show_add(struct batch *b, const char *name) {
	struct arg args[] = {arg_text(name)};

	return batch_add(b, NULL, QUERY_POOL_SHOW, args, 1, NULL);
}

size_t pool_free_add(struct batch *b, const char *name, int64_t limit) {
	struct arg args[] = {arg_text(name), limit == 0 ? arg_null(FIELD_INT) : arg_int(limit)};

	return batch_add(b, NULL, QUERY_POOL_FREE, args, 2, NULL);
}

/* Nothing in it needs an escape. */
void ranges_json(const struct range *ranges, size_t count, struct buf *out) {
	char number[U128_TEXT];

	buf_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		buf_puts(out, i == 0 ? "{\"name\":\"" : ",{\"name\":\"");
		range_name(&ranges[i], out);
		buf_printf(out, "\",\"first\":%s", u128_text(ranges[i].first, number));
		buf_printf(
		    out, ",\"last\":%s,\"host\":\"%s\"}", u128_text(ranges[i].last, number), ranges[i].host);
	}
	buf_char(out, ']');
}

size_t pool_create_add(struct batch *b, const struct pool_new *pool, const char *detail) {
	struct buf ranges = {0};
	size_t step;

	ranges_json(pool->ranges, pool->count, &ranges);
	struct arg args[] = {
	    arg_id(pool->id),
	    arg_text(pool->name),
	    arg_text(kind_names[pool->kind]),
	    arg_text(pool->space),
	    arg_text(pool->project),
	    arg_int(pool->warn),
	    arg_int(pool->crit),
	    arg_int(pool->ttl),
	    arg_int(pool->reuse_delay),
	    arg_text(pool->activate_hook),
	    arg_text(pool->release_hook),
	    arg_json(buf_text(&ranges)),
	    arg_json(detail),
	};
	step = batch_add(b, NULL, QUERY_POOL_CREATE, args, sizeof args / sizeof *args, create_rules);
	buf_release(&ranges);
	return step;
}

size_t pool_add_add(struct batch *b, struct id id, const char *name, const struct range *ranges, size_t count,
    const char *detail) {
	struct buf text = {0};
	size_t step;

	ranges_json(ranges, count, &text);
	struct arg args[] = {
	    arg_id(id),
	    arg_text(name),
	    arg_text(kind_names[ranges[0].kind]),
	    arg_json(buf_text(&text)),
	    arg_json(detail),
	};
	step = batch_add(b, NULL, QUERY_POOL_ADD, args, sizeof args / sizeof *args, NULL);
	buf_release(&text);
	return step;
}

size_t pool_remove_add(
    struct batch *b, struct id id, const char *name, const struct range *range, const char *detail) {
	struct buf text = {0};
	size_t step;

	range_text(range, &text);
	struct arg args[] = {
	    arg_id(id),
	    arg_text(name),
	    arg_text(kind_names[range->kind]),
	    arg_text(buf_text(&text)),
	    arg_value(range->first),
	    arg_value(range->last),
	    arg_text(range->host),
	    arg_json(detail),
	};
	step = batch_add(b, NULL, QUERY_POOL_REMOVE, args, sizeof args / sizeof *args, NULL);
	buf_release(&text);
	return step;
}

size_t pool_delete_add(struct batch *b, struct id id, const char *name, const char *detail) {
	struct arg args[] = {arg_id(id), arg_text(name), arg_json(detail)};

	return batch_add(b, NULL, QUERY_POOL_DELETE, args, 3, NULL);
}

size_t doctor_add(struct batch *b) {
	return batch_add(b, NULL, QUERY_DOCTOR, NULL, 0, NULL);
}
