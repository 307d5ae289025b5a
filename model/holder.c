#include "model/holder.h"

#include "db/batch/batch.h"
#include "gen/queries.h"

const char *const holder_sort_names[] = {"leases", "name", "oldest", "expiry", "idle", NULL};

size_t holder_list_add(struct batch *b, const struct holder_ask *ask) {
	return query_holder_window_add(b, ask->pool, ask->match, ask->invert, holder_sort_names[ask->sort],
	    ask->after, ask->offset, ask->limit);
}

size_t holder_total_add(struct batch *b, const struct holder_ask *ask) {
	return query_holder_count_add(b, ask->pool, ask->match, ask->invert);
}
