/*
 * Alerts: what needs a person, the worst first.
 */
#ifndef MODEL_ALERT_H
#define MODEL_ALERT_H

#include <stddef.h>
#include <stdint.h>

#include "db/batch/rows.h"

struct batch;
struct row_filter;

/* Adds the list of alerts that match a filter of FILTER_ALERTS, or NULL: many struct alert, up to `most`; 0
 * is all of them. */
size_t alert_list_add(struct batch *b, int64_t most, const struct row_filter *filter);

/* Returns the length of the kind of the target: "pool" of "pool/web". The name or id follows the slash;
 * "queue" has none. */
size_t alert_target_kind(const struct alert *alert);

#endif
