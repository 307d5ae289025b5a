/*
 * The shapes of the nouns: the columns of the answers about each, one table a noun (ui/text/column.h).
 */
#ifndef UI_TEXT_SHAPES_H
#define UI_TEXT_SHAPES_H

#include "ui/text/column.h"

extern const struct shape pool_shape;
extern const struct shape fleet_pool_shape;   /* of several databases */
extern const struct shape pool_changed_shape; /* with `replayed` */
extern const struct shape resource_shape;
extern const struct shape resource_changed_shape;
extern const struct shape lease_shape;
extern const struct shape lease_allocated_shape;
extern const struct shape holder_shape;
extern const struct shape org_shape;
extern const struct shape org_changed_shape;
extern const struct shape project_shape;
extern const struct shape project_changed_shape;
extern const struct shape free_range_shape;
extern const struct shape exclusion_shape;
extern const struct shape stretch_shape;
extern const struct shape event_shape;
extern const struct shape change_shape; /* an event of a dry run, or one that is foretold */
extern const struct shape command_shape;
extern const struct shape command_queued_shape; /* with `replayed` */
extern const struct shape worker_shape;
extern const struct shape queue_stats_shape;
extern const struct shape alert_shape;
extern const struct shape fleet_alert_shape; /* of several databases */
extern const struct shape finding_shape;
extern const struct shape duplicate_shape;
extern const struct shape dedupe_run_shape;    /* for the list */
extern const struct shape dedupe_report_shape; /* without the rows */
extern const struct shape dedupe_own_shape;    /* the same for a table without duplicates */
extern const struct shape dedupe_undone_shape;
extern const struct shape dedupe_removed_shape;
extern const struct shape dedupe_shown_shape;

/* The parts of a request that may differ in a replay, in the order in which answers list them. */
enum difference {
	DIFFERS_HOLDER,
	DIFFERS_UNTIL,
	DIFFERS_PRIORITY,
	DIFFERS_LABELS,
	DIFFERS_REASON,
	DIFFERS_GRACE,
	DIFFERS_GENERATION,
	DIFFERS_FORCE,
	DIFFERENCES
};

extern const char *const difference_names[]; /* as in the server's `differs` */

#endif
