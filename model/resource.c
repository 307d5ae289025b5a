#include "model/resource.h"

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "model/syntax/selector.h"
#include "model/syntax/value.h"

size_t resource_window_add(struct batch *b, const struct resource_ask *ask) {
	struct buf text = {0};
	const struct arg args[] = {arg_text(ask->pool), arg_json(selector_text(ask->selector, &text)),
	    arg_word(ask->match), arg_bool(ask->invert)};
	size_t step = batch_add(b, NULL, QUERY_RESOURCE_LIST, args, sizeof args / sizeof *args, NULL);

	buf_release(&text);
	return step;
}

size_t resource_list_add(struct batch *b, const char *pool, const struct selector *selector) {
	return resource_window_add(b, &(struct resource_ask){.pool = pool, .selector = selector});
}

size_t resource_show_add(struct batch *b, struct id id) {
	struct arg args[] = {arg_id(id)};

	return batch_add(b, NULL, QUERY_RESOURCE_SHOW, args, 1, NULL);
}

size_t resource_find_add(struct batch *b, const char *pool, const struct range *range, bool any_size) {
	struct arg args[] = {arg_text(pool), arg_text(kind_names[range->kind]), arg_text(range->host),
	    any_size ? arg_null(FIELD_VALUE) : arg_value(range->first),
	    any_size ? arg_null(FIELD_VALUE) : arg_value(range->last)};

	return batch_add(b, NULL, QUERY_RESOURCE_FIND, args, 5, NULL);
}
