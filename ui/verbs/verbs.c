#include "ui/verbs/verb.h"

/* The families, one a file, in the order of the help. */
extern const struct verb admin_verbs[], alerts_verbs[], metrics_verbs[], pool_change_verbs[],
    pool_set_verbs[], pool_exclude_verbs[], pool_verbs[], pool_find_verbs[], import_verbs[], resource_verbs[],
    allocate_verbs[], lease_verbs[], holder_verbs[], lease_import_verbs[], release_verbs[], queue_verbs[],
    worker_verbs[], label_verbs[], batch_verbs[], dedupe_verbs[], dedupe_run_verbs[], org_verbs[],
    project_verbs[], events_verbs[], local_verbs[], demo_verbs[], help_verbs[];

const struct verb *const verbs[] = {admin_verbs, alerts_verbs, metrics_verbs, pool_change_verbs,
    pool_set_verbs, pool_exclude_verbs, pool_verbs, pool_find_verbs, import_verbs, resource_verbs,
    allocate_verbs, lease_verbs, holder_verbs, lease_import_verbs, release_verbs, queue_verbs, worker_verbs,
    label_verbs, batch_verbs, dedupe_verbs, dedupe_run_verbs, org_verbs, project_verbs, events_verbs,
    local_verbs, demo_verbs, help_verbs, NULL};
