#include "model/alert.h"

#include <string.h>

#include "gen/queries.h"

size_t alert_list_add(struct batch *b, int64_t most) {
	return query_alert_list_add(b, most);
}

size_t alert_target_kind(const struct alert *alert) {
	return strcspn(alert->target, "/");
}
