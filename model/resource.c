#include "model/resource.h"

#include "db/base/buf.h"
#include "gen/queries.h"
#include "model/syntax/filter.h"
#include "model/syntax/selector.h"
#include "model/syntax/range.h"

size_t resource_window_add(struct batch *b, const struct resource_ask *ask) {
	struct buf selector = {0};
	size_t step = query_resource_list_add(b, ask->pool, selector_text(ask->selector, &selector),
	    row_filter_text(ask->filter), ask->by_range);

	buf_release(&selector);
	return step;
}

size_t resource_show_add(struct batch *b, struct id id) {
	return query_resource_show_add(b, id);
}

size_t resource_find_add(struct batch *b, const char *pool, const struct range *range, bool any_size) {
	return query_resource_find_add(b, pool, range->kind, range->host, any_size ? NULL : &range->first,
	    any_size ? NULL : &range->last);
}
