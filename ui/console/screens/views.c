/*
 * The list of views, in the order of their tabs and digits.
 */
#include "ui/console/list/view.h"

const struct view *const views[] = {&view_pools, &view_leases, &view_queue, &view_labels, &view_lookalikes,
    &view_projects, &view_alerts, &view_resources, &view_holders, &view_values, &view_targets,
    &view_duplicate_rows, &view_dedupe_runs, &view_removed_rows, NULL};
