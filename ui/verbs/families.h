/*
 * The commands, a family a file. What each does stands in its entry.
 */
#ifndef UI_VERBS_FAMILIES_H
#define UI_VERBS_FAMILIES_H

#include "ui/verbs/verb.h"

extern const struct verb command_pool_create;
extern const struct verb command_pool_add;
extern const struct verb command_pool_remove;
extern const struct verb command_pool_delete;
extern const struct verb command_pool_list;
extern const struct verb command_pool_show;
extern const struct verb command_pool_free;
extern const struct verb command_pool_import;
extern const struct verb command_resource_list;
extern const struct verb command_resource_show;
extern const struct verb command_resource_cordon;
extern const struct verb command_resource_uncordon;
extern const struct verb command_resource_release;
extern const struct verb command_resource_reclaim;
extern const struct verb command_allocate;
extern const struct verb command_lease_list;
extern const struct verb command_lease_show;
extern const struct verb command_release;
extern const struct verb command_extend;
extern const struct verb command_queue_list;
extern const struct verb command_queue_show;
extern const struct verb command_queue_cancel;
extern const struct verb command_queue_retry;
extern const struct verb command_queue_skip;
extern const struct verb command_queue_force;
extern const struct verb command_queue_stats;
extern const struct verb command_worker;
extern const struct verb command_worker_list;
extern const struct verb command_label;
extern const struct verb command_label_list;
extern const struct verb command_annotate;
extern const struct verb command_annotate_list;
extern const struct verb command_batch;
extern const struct verb command_events;
extern const struct verb command_doctor;
extern const struct verb command_dedupe_check;
extern const struct verb command_dedupe_fix;
extern const struct verb command_dedupe_undo;
extern const struct verb command_dedupe_runs;
extern const struct verb command_dedupe_forget;
extern const struct verb command_org_create;
extern const struct verb command_org_limit;
extern const struct verb command_org_list;
extern const struct verb command_org_show;
extern const struct verb command_project_create;
extern const struct verb command_project_list;
extern const struct verb command_project_show;
extern const struct verb command_project_limit;
extern const struct verb command_project_delete;
extern const struct verb command_migrate;
extern const struct verb command_local_start;
extern const struct verb command_local_stop;
extern const struct verb command_local_status;
extern const struct verb command_demo;

#endif
