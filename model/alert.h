/*
 * Alerts: what needs a person, the worst first.
 */
#ifndef MODEL_ALERT_H
#define MODEL_ALERT_H

#include <stddef.h>
#include <stdint.h>

#include "db/batch/rows.h"

struct batch;

/* Adds the list of alerts: many struct alert, up to `most`; 0 is all of them. */
size_t alert_list_add(struct batch *b, int64_t most);

/* Returns the length of the kind of the target: "pool" of "pool/web". The name or id follows the slash;
 * "queue" has none. */
size_t alert_target_kind(const struct alert *alert);

#endif
