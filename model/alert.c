#include "model/alert.h"

#include <string.h>

#include "gen/queries.h"
#include "model/syntax/filter.h"

size_t alert_list_add(struct batch *b, int64_t most, const struct row_filter *filter) {
	return query_alert_list_add(b, most, row_filter_text(filter));
}

size_t alert_target_kind(const struct alert *alert) {
	return strcspn(alert->target, "/");
}
