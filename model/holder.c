#include "model/holder.h"

#include "db/base/buf.h"
#include "db/batch/batch.h"
#include "gen/queries.h"
#include "model/order.h"
#include "model/syntax/filter.h"

const char *const holder_sort_names[] = {"leases", "name", "oldest", "expiry", "idle", "pools", NULL};

size_t holder_list_add(struct batch *b, const struct holder_ask *ask) {
	struct buf order = {0};
	size_t step;

	order_text(ask->order, holder_sort_names[ask->sort], ask->offset, ask->limit, &order);
	step = query_holder_window_add(b, ask->pool, row_filter_text(ask->filter), buf_text(&order));
	buf_release(&order);
	return step;
}
