#include "db/batch/rows.h"

#include <assert.h>
#include <string.h>

const char *const kind_names[] = {"ipv4", "ipv6", "number", "host", NULL};
const char *const lease_state_names[] = {
    "pending", "acquired", "active", "released", "destroyed", "broken", NULL};
const char *const resource_state_names[] = {"active", "released", "destroyed", "broken", NULL};
const char *const pool_status_names[] = {"ok", "warning", "critical", "exhausted", NULL};

const char *const command_state_names[] = {"queued", "running", "done", "quarantined", "cancelled", NULL};
const char *const project_state_names[] = {"active", "deleting", NULL};

/* The field type of a member that C's type system tells apart ... */
#define FIELD(row, member)                                                                                   \
	{                                                                                                    \
		.name = #member, .offset = offsetof(row, member),                                            \
		.type = _Generic(((row *)0)->member, /* clang-format off */                                  \
			bool: FIELD_BOOL, int64_t: FIELD_INT, double: FIELD_REAL, const char *: FIELD_TEXT,  \
			struct id: FIELD_ID, struct count: FIELD_COUNT, u128: FIELD_VALUE)                   \
	} /* clang-format on */

/* ... and of one that it does not. */
#define FIELD_AS(as, row, member)                                                                            \
	{ .name = #member, .offset = offsetof(row, member), .type = (as) }
#define FIELD_NAMED(words, row, member)                                                                      \
	{ .name = #member, .offset = offsetof(row, member), .type = FIELD_ENUM, .names = (words) }
#define ROW_TYPE(row)                                                                                        \
	const struct row_type row_##row = {                                                                  \
	    #row, sizeof(struct row), row##_fields, sizeof row##_fields / sizeof *row##_fields}

static const struct field pool_fields[] = {
    FIELD(struct pool, id),
    FIELD(struct pool, name),
    FIELD_NAMED(kind_names, struct pool, kind),
    FIELD(struct pool, space),
    FIELD(struct pool, project),
    FIELD(struct pool, capacity),
    FIELD(struct pool, used),
    FIELD(struct pool, held_back),
    FIELD(struct pool, free),
    FIELD(struct pool, percent),
    FIELD_NAMED(pool_status_names, struct pool, status),
    FIELD(struct pool, pending),
    FIELD(struct pool, warn),
    FIELD(struct pool, crit),
    FIELD(struct pool, resources),
    FIELD(struct pool, flow),
    FIELD_AS(FIELD_TIME, struct pool, runs_out),
    FIELD_AS(FIELD_JSON, struct pool, trend),
    FIELD(struct pool, ttl),
    FIELD(struct pool, reuse_delay),
    FIELD(struct pool, activate_hook),
    FIELD(struct pool, release_hook),
    FIELD_AS(FIELD_TIME, struct pool, created),
    FIELD_AS(FIELD_JSON, struct pool, labels),
    FIELD(struct pool, replayed),
};
ROW_TYPE(pool);

static const struct field resource_fields[] = {
    FIELD(struct resource, id),
    FIELD(struct resource, pool),
    FIELD_NAMED(kind_names, struct resource, kind),
    FIELD(struct resource, name),
    FIELD(struct resource, first),
    FIELD(struct resource, last),
    FIELD(struct resource, capacity),
    FIELD(struct resource, used),
    FIELD(struct resource, held_back),
    FIELD(struct resource, free),
    FIELD_NAMED(resource_state_names, struct resource, state),
    FIELD(struct resource, cordoned),
    FIELD(struct resource, generation),
    FIELD_AS(FIELD_TIME, struct resource, created),
    FIELD_AS(FIELD_JSON, struct resource, labels),
    FIELD(struct resource, replayed),
};
ROW_TYPE(resource);

static const struct field lease_fields[] = {
    FIELD(struct lease, id),
    FIELD(struct lease, seq),
    FIELD(struct lease, pool),
    FIELD_NAMED(kind_names, struct lease, kind),
    FIELD(struct lease, held),
    FIELD(struct lease, value),
    FIELD(struct lease, host),
    FIELD(struct lease, resource),
    FIELD_NAMED(lease_state_names, struct lease, state),
    FIELD(struct lease, holder),
    FIELD(struct lease, project),
    FIELD(struct lease, priority),
    FIELD_AS(FIELD_TIME, struct lease, until),
    FIELD_AS(FIELD_TIME, struct lease, created),
    FIELD_AS(FIELD_TIME, struct lease, acquired),
    FIELD_AS(FIELD_TIME, struct lease, activated),
    FIELD_AS(FIELD_TIME, struct lease, released),
    FIELD_AS(FIELD_TIME, struct lease, destroyed),
    FIELD(struct lease, generation),
    FIELD(struct lease, created_by),
    FIELD_AS(FIELD_JSON, struct lease, labels),
    FIELD(struct lease, replayed),
    FIELD_AS(FIELD_JSON, struct lease, differs),
};
ROW_TYPE(lease);

static const struct field org_fields[] = {
    FIELD(struct org, id),
    FIELD(struct org, name),
    FIELD(struct org, max_projects),
    FIELD(struct org, projects),
    FIELD(struct org, generation),
    FIELD_AS(FIELD_TIME, struct org, created),
    FIELD_AS(FIELD_JSON, struct org, labels),
    FIELD(struct org, replayed),
};
ROW_TYPE(org);

static const struct field project_fields[] = {
    FIELD(struct project, id),
    FIELD(struct project, organization),
    FIELD(struct project, name),
    FIELD(struct project, max_leases),
    FIELD(struct project, leases),
    FIELD_AS(FIELD_JSON, struct project, pools),
    FIELD_NAMED(project_state_names, struct project, state),
    FIELD(struct project, generation),
    FIELD_AS(FIELD_TIME, struct project, created),
    FIELD_AS(FIELD_JSON, struct project, labels),
    FIELD(struct project, replayed),
};
ROW_TYPE(project);

static const struct field event_fields[] = {
    FIELD(struct event, seq),
    FIELD_AS(FIELD_TIME, struct event, at),
    FIELD(struct event, actor),
    FIELD(struct event, action),
    FIELD(struct event, kind),
    FIELD(struct event, target),
    FIELD(struct event, target_id),
    FIELD(struct event, command),
    FIELD_AS(FIELD_JSON, struct event, before),
    FIELD_AS(FIELD_JSON, struct event, after),
};
ROW_TYPE(event);

static const struct field command_fields[] = {
    FIELD(struct command, id),
    FIELD(struct command, seq),
    FIELD(struct command, action),
    FIELD(struct command, kind),
    FIELD(struct command, target),
    FIELD(struct command, target_id),
    FIELD(struct command, subject),
    FIELD(struct command, author),
    FIELD(struct command, reason),
    FIELD_NAMED(command_state_names, struct command, state),
    FIELD(struct command, outcome),
    FIELD(struct command, explanation),
    FIELD_AS(FIELD_TIME, struct command, created),
    FIELD_AS(FIELD_TIME, struct command, not_before),
    FIELD(struct command, attempts),
    FIELD_AS(FIELD_TIME, struct command, consumed_at),
    FIELD(struct command, consumed_by),
    FIELD(struct command, parent),
    FIELD(struct command, expect_generation),
    FIELD(struct command, bulk),
    FIELD(struct command, done),
    FIELD(struct command, total),
    FIELD(struct command, applied),
    FIELD(struct command, noop),
    FIELD(struct command, rejected),
    FIELD(struct command, failed),
    FIELD(struct command, cancelled),
    FIELD(struct command, worker),
    FIELD_AS(FIELD_TIME, struct command, until),
    FIELD(struct command, hook),
    FIELD(struct command, made_good_by),
    FIELD(struct command, replayed),
    FIELD_AS(FIELD_JSON, struct command, differs),
};
ROW_TYPE(command);

static const struct field worker_fields[] = {
    FIELD(struct worker, name),
    FIELD(struct worker, host),
    FIELD(struct worker, pid),
    FIELD_AS(FIELD_TIME, struct worker, started),
    FIELD_AS(FIELD_TIME, struct worker, heartbeat),
    FIELD(struct worker, alive),
    FIELD(struct worker, running),
    FIELD_AS(FIELD_TIME, struct worker, since),
    FIELD(struct worker, consumed),
    FIELD(struct worker, hooks),
};
ROW_TYPE(worker);

static const struct field job_fields[] = {
    FIELD(struct job, command),
    FIELD(struct job, lease),
    FIELD(struct job, epoch),
    FIELD(struct job, attempt),
    FIELD(struct job, hook),
    FIELD(struct job, event),
    FIELD(struct job, worker),
};
ROW_TYPE(job);

static const struct field tended_fields[] = {
    FIELD(struct tended, done),
    FIELD_AS(FIELD_TIME, struct tended, next),
    FIELD_AS(FIELD_TIME, struct tended, present),
};
ROW_TYPE(tended);

static const struct field waiting_fields[] = {
    FIELD(struct waiting, place),
    FIELD(struct waiting, ahead),
    FIELD_AS(FIELD_JSON, struct waiting, reasons),
    FIELD(struct waiting, hook),
};
ROW_TYPE(waiting);

static const struct field queue_stats_fields[] = {
    FIELD(struct queue_stats, queued),
    FIELD(struct queue_stats, running),
    FIELD(struct queue_stats, quarantined),
    FIELD(struct queue_stats, oldest_seconds),
    FIELD(struct queue_stats, applied_last_minute),
    FIELD(struct queue_stats, workers_alive),
    FIELD(struct queue_stats, consumed_last_minute),
    FIELD(struct queue_stats, arrived_last_minute),
    FIELD(struct queue_stats, overdue),
};
ROW_TYPE(queue_stats);

static const struct field free_range_fields[] = {
    FIELD_NAMED(kind_names, struct free_range, kind),
    FIELD(struct free_range, first),
    FIELD(struct free_range, last),
    FIELD(struct free_range, host),
    FIELD(struct free_range, count),
};
ROW_TYPE(free_range);

static const struct field label_group_fields[] = {
    FIELD(struct label_group, id),
    FIELD(struct label_group, key),
    FIELD(struct label_group, value),
    FIELD(struct label_group, values),
    FIELD(struct label_group, targets),
    FIELD(struct label_group, leases),
    FIELD(struct label_group, resources),
    FIELD(struct label_group, pools),
    FIELD(struct label_group, more),
};
ROW_TYPE(label_group);

static const struct field label_target_fields[] = {
    FIELD(struct label_target, id),
    FIELD(struct label_target, seq),
    FIELD(struct label_target, kind),
    FIELD(struct label_target, target),
    FIELD(struct label_target, pool),
    FIELD(struct label_target, holder),
    FIELD(struct label_target, state),
    FIELD_AS(FIELD_JSON, struct label_target, labels),
};
ROW_TYPE(label_target);

static const struct field alike_text_fields[] = {
    FIELD(struct alike_text, place),
    FIELD(struct alike_text, text),
    FIELD(struct alike_text, cut),
};
ROW_TYPE(alike_text);

static const struct field finding_fields[] = {
    FIELD(struct finding, name),
    FIELD(struct finding, ok),
    FIELD(struct finding, found),
    FIELD_AS(FIELD_JSON, struct finding, examples),
};
ROW_TYPE(finding);

static const struct field duplicate_fields[] = {
    FIELD(struct duplicate, table),
    FIELD_AS(FIELD_JSON, struct duplicate, key),
    FIELD(struct duplicate, rows),
    FIELD(struct duplicate, conflicting),
    FIELD_AS(FIELD_JSON, struct duplicate, values),
    FIELD_AS(FIELD_JSON, struct duplicate, survivor),
    FIELD(struct duplicate, collides),
};
ROW_TYPE(duplicate);

static const struct field dedupe_claim_fields[] = {
    FIELD(struct dedupe_claim, run),
    FIELD(struct dedupe_claim, epoch),
    FIELD(struct dedupe_claim, state),
    FIELD(struct dedupe_claim, table),
    FIELD(struct dedupe_claim, constraint),
    FIELD(struct dedupe_claim, restored),
};
ROW_TYPE(dedupe_claim);

static const struct field dedupe_progress_fields[] = {
    FIELD(struct dedupe_progress, run),
    FIELD(struct dedupe_progress, state),
    FIELD(struct dedupe_progress, phase),
    FIELD(struct dedupe_progress, alone),
    FIELD(struct dedupe_progress, done),
    FIELD(struct dedupe_progress, total),
    FIELD(struct dedupe_progress, pause),
    FIELD(struct dedupe_progress, blocker),
};
ROW_TYPE(dedupe_progress);

static const struct field dedupe_statement_fields[] = {FIELD(struct dedupe_statement, sql)};
ROW_TYPE(dedupe_statement);

static const struct field dedupe_blocker_fields[] = {FIELD(struct dedupe_blocker, pid)};
ROW_TYPE(dedupe_blocker);

static const struct field dedupe_run_fields[] = {
    FIELD(struct dedupe_run, run),
    FIELD(struct dedupe_run, table),
    FIELD(struct dedupe_run, state),
    FIELD(struct dedupe_run, phase),
    FIELD_AS(FIELD_TIME, struct dedupe_run, started),
    FIELD_AS(FIELD_TIME, struct dedupe_run, finished),
    FIELD(struct dedupe_run, groups),
    FIELD(struct dedupe_run, removed),
    FIELD(struct dedupe_run, conflicting),
    FIELD(struct dedupe_run, rewritten),
    FIELD(struct dedupe_run, restored),
    FIELD(struct dedupe_run, constraint),
    FIELD(struct dedupe_run, longest_write_block_ms),
    FIELD(struct dedupe_run, takes_null),
};
ROW_TYPE(dedupe_run);

static const struct field dedupe_removed_fields[] = {
    FIELD_AS(FIELD_JSON, struct dedupe_removed, removed),
    FIELD_AS(FIELD_JSON, struct dedupe_removed, survivor),
    FIELD(struct dedupe_removed, rule),
};
ROW_TYPE(dedupe_removed);

static const struct field total_fields[] = {FIELD(struct total, total)};
ROW_TYPE(total);

static const struct field document_fields[] = {FIELD_AS(FIELD_JSON, struct document, document)};
ROW_TYPE(document);

static const struct field hello_fields[] = {
    FIELD(struct hello, user),
    FIELD(struct hello, database),
    FIELD(struct hello, schema),
    FIELD(struct hello, migrates),
    FIELD(struct hello, pid),
    FIELD_AS(FIELD_TIME, struct hello, started),
    FIELD(struct hello, system),
    FIELD(struct hello, timeline),
    FIELD(struct hello, place),
    FIELD(struct hello, confirms),
};
ROW_TYPE(hello);

static const struct field present_fields[] = {
    FIELD_AS(FIELD_TIME, struct present, present),
};
ROW_TYPE(present);

const struct row_type row_nothing = {"nothing", sizeof(struct nothing), NULL, 0};

const struct field *row_field(const struct row_type *type, const char *name) {
	size_t i = 0;

	while (i < type->count && strcmp(type->fields[i].name, name) != 0) {
		i++;
	}
	assert(i < type->count);
	return &type->fields[i];
}
