#include "ui/text/shapes.h"

#include <inttypes.h>
#include <jansson.h>

#include "db/base/buf.h"
#include "db/batch/rows.h"
#include "model/syntax/duration.h"
#include "model/lease.h"
#include "model/project.h"
#include "model/queue.h"
#include "model/syntax/value.h"
#include "model/text/json.h"
#include "ui/text/change.h"
#include "ui/text/column.h"
#include "ui/text/unit_columns.h"

/* The column that the answer to a mutation adds. */
static const struct column replayed[] = {{"replayed"}, {0}};

/* The column that the list of a fleet adds. */
static const struct column environment[] = {{"environment", "ENVIRONMENT"}, {0}};

const char *const difference_names[] = {[DIFFERS_HOLDER] = "holder",
    [DIFFERS_UNTIL] = "until",
    [DIFFERS_PRIORITY] = "priority",
    [DIFFERS_LABELS] = "labels",
    [DIFFERS_REASON] = "reason",
    [DIFFERS_GRACE] = "grace",
    [DIFFERS_GENERATION] = "expect_generation",
    [DIFFERS_FORCE] = "force"};

/* Puts the names of an object's members as an array, an empty one for NULL. */
static void put_differences(const char *differs, struct buf *out) {
	json_t *root = differs == NULL ? NULL : json_loads(differs, 0, NULL);
	struct json j = {.out = out};

	json_open_array(&j);
	for (size_t i = 0; i < DIFFERENCES; i++) {
		if (json_object_get(root, difference_names[i]) != NULL) {
			json_put_text(&j, difference_names[i]);
		}
	}
	json_close_array(&j);
	json_decref(root);
}

static void pool_percent(const void *row, struct buf *out) {
	const struct pool *pool = row;
	double shown = pool->percent;

	/* A share that is neither 0 nor 100 is not rounded to either. */
	if (shown > 99.9 && !count_is_zero(pool->free)) {
		shown = 99.9;
	} else if (shown < 0.1 && !count_is_zero(pool->used)) {
		shown = 0.1;
	}
	buf_printf(out, "%.1f", shown);
}

static void put_duration(int64_t us, struct buf *out) {
	if (us != 0) {
		duration_text(us, out);
	}
}

static void pool_ttl(const void *row, struct buf *out) {
	put_duration(((const struct pool *)row)->ttl, out);
}

static void pool_reuse_delay(const void *row, struct buf *out) {
	put_duration(((const struct pool *)row)->reuse_delay, out);
}

static const struct column pool_columns[] = {{"id"}, {"name", "NAME", .brief = true},
    {"kind", "KIND", .show = column_pool_kind, .brief = true}, {"space", "SPACE"}, {"project"},
    {"capacity", "SIZE"}, {"used", "USED"}, {"held_back", "HELD BACK"}, {"free", "FREE"},
    {"percent", "%", .show = pool_percent, .right = true}, {"status", "STATUS"}, {"pending"}, {"warn"},
    {"crit"}, {"resources"}, {"runs_out", "RUNS OUT"}, {"ttl", .text = pool_ttl},
    {"reuse_delay", .text = pool_reuse_delay}, {"activate_hook"}, {"release_hook"}, {"created"},
    {"labels", "LABELS", .plain = true}, {"trend"}, {"excluded"},
    {"unit", .text = column_pool_unit, .kind = COLUMN_EITHER}, {"addresses"}, {0}};
const struct shape pool_shape = {&row_pool, pool_columns};
const struct shape fleet_pool_shape = {&row_fleet_pool, environment, &pool_shape};
const struct shape pool_changed_shape = {&row_pool, replayed, &pool_shape};

static void resource_first(const void *row, struct buf *out) {
	const struct resource *r = row;

	value_text(r->kind == KIND_HOST ? KIND_NUMBER : (enum kind)r->kind, r->first, "", out);
}

static void resource_last(const void *row, struct buf *out) {
	const struct resource *r = row;

	value_text(r->kind == KIND_HOST ? KIND_NUMBER : (enum kind)r->kind, r->last, "", out);
}

static const struct column resource_columns[] = {{"id"}, {"pool", "POOL", .brief = true},
    {"name", "NAME", .brief = true}, {"first", .text = resource_first}, {"last", .text = resource_last},
    {"capacity", "SIZE"}, {"used", "USED"}, {"held_back", "HELD BACK"}, {"free", "FREE"},
    {"state", "STATE", .brief = true}, {"cordoned", "CORDONED"}, {"generation"}, {"created"},
    {"labels", "LABELS", .plain = true}, {"kind"}, {"space"}, {"exclude"},
    {"unit", .text = column_resource_unit, .kind = COLUMN_EITHER}, {0}};
const struct shape resource_shape = {&row_resource, resource_columns};
const struct shape resource_changed_shape = {&row_resource, replayed, &resource_shape};

static const struct column lease_columns[] = {{"id", "ID", .brief = true}, {"pool", "POOL", .brief = true},
    {"kind"}, {"value", "VALUE", .text = column_lease_value, .brief = true}, {"resource"},
    {"state", "STATE", .brief = true}, {"holder", "HOLDER"}, {"project"}, {"priority"}, {"until", "UNTIL"},
    {"created", "CREATED"}, {"acquired"}, {"activated"}, {"released"}, {"destroyed"}, {"generation"},
    {"created_by"}, {"labels", "LABELS", .plain = true}, {"first", .text = column_lease_first},
    {"last", .text = column_lease_last}, {0}};
const struct shape lease_shape = {&row_lease, lease_columns};

static void holder_leases(const void *row, struct buf *out) {
	const struct holder *holder = row;

	buf_printf(out, "%s%" PRId64, holder->more ? ">= " : "", holder->leases);
}

static const struct column holder_columns[] = {{"holder", "HOLDER", .brief = true},
    {"leases", "LEASES", .show = holder_leases, .right = true}, {"oldest", "OLDEST"},
    {"next_expiry", "NEXT EXPIRY"}, {"pools", "POOLS", .plain = true}, {"more"}, {"newest", "NEWEST"}, {0}};
const struct shape holder_shape = {&row_holder, holder_columns};

static void lease_differs(const void *row, struct buf *out) {
	put_differences(((const struct lease *)row)->differs, out);
}

static const struct column lease_allocated_columns[] = {
    {"replayed"}, {"differs", .text = lease_differs, .kind = COLUMN_RAW}, {0}};
const struct shape lease_allocated_shape = {&row_lease, lease_allocated_columns, &lease_shape};

static void put_limit(int64_t limit, struct buf *out) {
	if (limit != NO_LIMIT) {
		buf_printf(out, "%" PRId64, limit);
	}
}

static void org_limit(const void *row, struct buf *out) {
	put_limit(((const struct org *)row)->max_projects, out);
}

static const struct column org_columns[] = {{"id"}, {"name", "NAME"},
    {"max_projects", "LIMIT", .text = org_limit, .kind = COLUMN_RAW, .right = true}, {"projects", "PROJECTS"},
    {"generation"}, {"created"}, {"labels", "LABELS", .plain = true}, {0}};
const struct shape org_shape = {&row_org, org_columns};
const struct shape org_changed_shape = {&row_org, replayed, &org_shape};

static void project_limit(const void *row, struct buf *out) {
	put_limit(((const struct project *)row)->max_leases, out);
}

/* Appends nothing when they were not counted. */
static void project_leases(const void *row, struct buf *out) {
	put_limit(((const struct project *)row)->leases, out);
}

static const struct column project_columns[] = {{"id"}, {"organization", "ORGANIZATION"}, {"name", "NAME"},
    {"max_leases", "LIMIT", .text = project_limit, .kind = COLUMN_RAW, .right = true},
    {"leases", "LEASES", .text = project_leases, .kind = COLUMN_RAW, .right = true},
    {"pools", "POOLS", .plain = true}, {"state", "STATE"}, {"generation"}, {"created"},
    {"labels", "LABELS", .plain = true}, {0}};
const struct shape project_shape = {&row_project, project_columns};
const struct shape project_changed_shape = {&row_project, replayed, &project_shape};

static void free_first(const void *row, struct buf *out) {
	const struct free_range *range = row;

	value_text((enum kind)range->kind, range->first, range->host, out);
}

static void free_last(const void *row, struct buf *out) {
	const struct free_range *range = row;

	value_text((enum kind)range->kind, range->last, range->host, out);
}

static const struct column free_range_columns[] = {
    {"first", "FIRST", .text = free_first},
    {"last", "LAST", .text = free_last},
    {"count", "COUNT"},
    {0},
};
const struct shape free_range_shape = {&row_free_range, free_range_columns};

static void exclusion_first(const void *row, struct buf *out) {
	const struct exclusion *exclusion = row;

	value_text((enum kind)exclusion->kind, exclusion->first, exclusion->host, out);
}

static void exclusion_last(const void *row, struct buf *out) {
	const struct exclusion *exclusion = row;

	value_text((enum kind)exclusion->kind, exclusion->last, exclusion->host, out);
}

static const struct column exclusion_columns[] = {{"first", "FIRST", .text = exclusion_first},
    {"last", "LAST", .text = exclusion_last}, {"reason", "REASON"}, {"by", "BY"}, {"at", "AT"}, {0}};
const struct shape exclusion_shape = {&row_exclusion, exclusion_columns};

static void stretch_first(const void *row, struct buf *out) {
	const struct stretch *stretch = row;

	value_text((enum kind)stretch->kind, stretch->first, stretch->host, out);
}

static void stretch_last(const void *row, struct buf *out) {
	const struct stretch *stretch = row;

	value_text((enum kind)stretch->kind, stretch->last, stretch->host, out);
}

static const struct column stretch_columns[] = {{"pool", "POOL"}, {"space", "SPACE"}, {"resource"},
    {"first", "FIRST", .text = stretch_first}, {"last", "LAST", .text = stretch_last}, {"state", "STATE"},
    {"lease", "LEASE"}, {"holder", "HOLDER"}, {"until", "UNTIL"}, {"reason", "REASON"}, {0}};
const struct shape stretch_shape = {&row_stretch, stretch_columns};

static void command_generation(const void *row, struct buf *out) {
	const struct command *c = row;

	if (c->expect_generation != 0) {
		buf_printf(out, "%" PRId64, c->expect_generation);
	}
}

static void command_progress(const void *row, struct buf *out) {
	const struct command *c = row;

	if (c->bulk) {
		buf_printf(out,
		    "{\"done\":%" PRId64 ",\"total\":%" PRId64 ",\"failed\":%" PRId64 ",\"applied\":%" PRId64
		    ",\"noop\":%" PRId64 ",\"rejected\":%" PRId64 ",\"cancelled\":%" PRId64 "}",
		    c->done, c->total, c->failed, c->applied, c->noop, c->rejected, c->cancelled);
	}
}

static void command_progress_show(const void *row, struct buf *out) {
	const struct command *c = row;

	if (c->bulk) {
		buf_printf(out, "%" PRId64 "/%" PRId64, c->done, c->total);
		if (c->done > 0) {
			buf_puts(out, ", ");
			queue_counts(c, out);
		}
	}
}

static const struct column command_columns[] = {{"id", "ID", .brief = true}, {"seq", "SEQ"},
    {"action", "ACTION", .brief = true}, {"target", "TARGET", .brief = true}, {"author", "AUTHOR"},
    {"reason", "REASON"}, {"state", "STATE", .brief = true}, {"outcome", "OUTCOME"},
    {"explanation", "EXPLANATION"}, {"created", "CREATED"}, {"not_before"}, {"attempts"}, {"consumed_at"},
    {"consumed_by"}, {"parent"}, {"expect_generation", .text = command_generation, .kind = COLUMN_RAW},
    {"progress", "PROGRESS", .text = command_progress, .show = command_progress_show, .kind = COLUMN_RAW},
    {"worker"}, {"until"}, {"labels"}, {"holder"}, {"made_good_by"}, {0}};
const struct shape command_shape = {&row_command, command_columns};

static void command_differs(const void *row, struct buf *out) {
	put_differences(((const struct command *)row)->differs, out);
}

static const struct column command_queued_columns[] = {
    {"replayed"}, {"differs", .text = command_differs, .kind = COLUMN_RAW}, {0}};
const struct shape command_queued_shape = {&row_command, command_queued_columns, &command_shape};

static const struct column worker_columns[] = {
    {"name", "NAME"},
    {"host", "HOST"},
    {"pid", "PID"},
    {"started", "STARTED"},
    {"heartbeat", "HEARTBEAT"},
    {"alive", "ALIVE"},
    {"running", "RUNNING"},
    {"since", "SINCE"},
    {"consumed", "CONSUMED"},
    {"hooks", "HOOKS"},
    {0},
};
const struct shape worker_shape = {&row_worker, worker_columns};

static const struct column queue_stats_columns[] = {
    {"queued", "QUEUED"},
    {"running", "RUNNING"},
    {"quarantined", "QUARANTINED"},
    {"oldest_seconds", "OLDEST"},
    {"applied_last_minute", "APPLIED"},
    {"workers_alive", "WORKERS"},
    {"consumed_last_minute", "CONSUMED"},
    {"arrived_last_minute", "ARRIVED"},
    {"overdue", "OVERDUE"},
    {0},
};
const struct shape queue_stats_shape = {&row_queue_stats, queue_stats_columns};

static const struct column alert_columns[] = {
    {"rank", "RANK"},
    {"kind", "KIND"},
    {"severity", "SEVERITY"},
    {"target", "TARGET"},
    {"since", "SINCE"},
    {"text", "TEXT"},
    {"hint", "HINT"},
    {"count", "COUNT"},
    {0},
};
const struct shape alert_shape = {&row_alert, alert_columns};
const struct shape fleet_alert_shape = {&row_fleet_alert, environment, &alert_shape};

static const struct column event_columns[] = {
    {"seq", "SEQ"},
    {"at", "AT"},
    {"actor", "ACTOR"},
    {"action", "ACTION"},
    {"target", "TARGET"},
    {"command"},
    {"before", "BEFORE"},
    {"after", "AFTER"},
    {0},
};
const struct shape event_shape = {&row_event, event_columns};

static void show_change(const void *row, struct buf *out) {
	change_words(row, " to ", ", ", true, out);
}

static const struct column change_columns[] = {
    {"target", "TARGET"},
    {NULL, "CHANGE", .show = show_change},
    {"before"},
    {"after"},
    {0},
};
const struct shape change_shape = {&row_event, change_columns};

static const struct column finding_columns[] = {
    {"name", "CHECK"},
    {"ok", "OK"},
    {"found", "FOUND"},
    {"examples", "EXAMPLES"},
    {0},
};
const struct shape finding_shape = {&row_finding, finding_columns};

static void duplicate_kind(const void *row, struct buf *out) {
	buf_puts(out, ((const struct duplicate *)row)->conflicting ? "different values" : "the same");
}

static const struct column duplicate_columns[] = {{"table"}, {"key", "KEY"}, {"rows", "ROWS"},
    {"conflicting", "VALUES ARE", .show = duplicate_kind}, {"values", "VALUES"}, {"survivor", "STAYS"},
    {"collides", "BY"}, {0}};
const struct shape duplicate_shape = {&row_duplicate, duplicate_columns};

static const struct column dedupe_run_columns[] = {{"run", "RUN"}, {"table", "TABLE"}, {"state", "STATE"},
    {"started", "STARTED"}, {"finished", "FINISHED"}, {"removed", "REMOVED"}, {"constraint", "CONSTRAINT"},
    {0}};
const struct shape dedupe_run_shape = {&row_dedupe_run, dedupe_run_columns};

static const struct column dedupe_report_columns[] = {{"run", "RUN"}, {"table", "TABLE"},
    {"groups", "GROUPS"}, {"removed", "REMOVED"}, {"conflicting", "CONFLICTING"}, {"rewritten", "REWRITTEN"},
    {"repointed", "REPOINTED"}, {"constraint", "CONSTRAINT"}, {"longest_write_block_ms", "LONGEST BLOCK"},
    {0}};
const struct shape dedupe_report_shape = {&row_dedupe_run, dedupe_report_columns};

static void no_rows(const void *row, struct buf *out) {
	(void)row;
	buf_puts(out, "[]");
}

static const struct column dedupe_own_columns[] = {{"run"}, {"table", "TABLE"}, {"groups", "GROUPS"},
    {"removed", "REMOVED"}, {"conflicting"}, {"rewritten"}, {"repointed"}, {"constraint", "CONSTRAINT"},
    {"longest_write_block_ms"}, {"rows", .text = no_rows, .kind = COLUMN_RAW}, {0}};
const struct shape dedupe_own_shape = {&row_dedupe_run, dedupe_own_columns};

static const struct column dedupe_undone_columns[] = {
    {"run", "RUN"}, {"restored", "RESTORED"}, {"rewritten", "REWRITTEN"}, {0}};
const struct shape dedupe_undone_shape = {&row_dedupe_run, dedupe_undone_columns};

static const struct column dedupe_removed_columns[] = {
    {"removed", "REMOVED"}, {"survivor", "SURVIVOR"}, {"rule", "RULE"}, {0}};
const struct shape dedupe_removed_shape = {&row_dedupe_removed, dedupe_removed_columns};

static const struct column dedupe_shown_columns[] = {
    {"seq", "SEQ"}, {"removed", "REMOVED"}, {"survivor", "SURVIVOR"}, {"rule", "RULE"}, {0}};
const struct shape dedupe_shown_shape = {&row_dedupe_shown, dedupe_shown_columns};
