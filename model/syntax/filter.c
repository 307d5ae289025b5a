#include "model/syntax/filter.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/rows.h"

/* The words that screens show for states of rows. */
static const char *const lease_shown[] = {"wait", "start", "held", "soon", "late", "ending", "gone", NULL};
static const char *const pool_shown[] = {"warn", "crit", "full", "empty", NULL};
static const char *const command_shown[] = {"applied", "noop", "rejected", "failed", "wait", "retry", "run",
    "stuck", "reject", "cancel", "ended", NULL};
static const char *const project_shown[] = {"closed", "unused", "ok", "warn", "crit", "full", "over", NULL};
static const char *const alert_shown[] = {"no worker", "soon", "index", "doubles", "broken", NULL};

static const char *const action_words[] = {"release", "reclaim", "cordon", "uncordon", "extend", "transfer",
    "label", "activate", "retry", "skip", "force", "delete", NULL};
static const char *const resource_words[] = {"active", "released", "broken", "cordon", "drain", NULL};
static const char *const target_words[] = {"lease", "resource", "pool", "project", "org", NULL};
static const char *const target_states[] = {"pending", "acquired", "active", "released", "broken", NULL};
static const char *const duplicate_words[] = {"same", "differ", NULL};
static const char *const equal_words[] = {"exact", "null", "trim", NULL};
static const char *const rule_words[] = {"newest", "oldest", "lowest", "highest", "identical", NULL};
static const char *const run_words[] = {"running", "done", "undoing", "undone", NULL};

static const struct filter_field lease_fields[] = {
    {"state", FILTER_WORD, lease_state_names, lease_shown},
    {"pool", FILTER_NAME},
    {"value", FILTER_VALUE},
    {"holder", FILTER_NAME},
    {"project", FILTER_NAME},
    {"held", FILTER_SPAN},
    {"expires", FILTER_TIME},
    {"priority", FILTER_COUNT},
    {"kind", FILTER_WORD, kind_names},
    {0},
};

static const struct filter_field pool_fields[] = {
    {"name", FILTER_NAME},
    {"kind", FILTER_WORD, kind_names},
    {"space", FILTER_NAME},
    {"status", FILTER_WORD, pool_status_names, pool_shown},
    {"used", FILTER_COUNT},
    {"used%", FILTER_PERCENT},
    {"free", FILTER_COUNT},
    {"size", FILTER_COUNT},
    {"waiting", FILTER_COUNT},
    {"runs-out", FILTER_TIME},
    {0},
};

static const struct filter_field command_fields[] = {
    {"state", FILTER_WORD, command_state_names, command_shown},
    {"action", FILTER_WORD, action_words},
    {"target", FILTER_PART},
    {"by", FILTER_NAME},
    {"lag", FILTER_SPAN},
    {"tries", FILTER_COUNT},
    {"error", FILTER_PART},
    {0},
};

static const struct filter_field resource_fields[] = {
    {"name", FILTER_NAME},
    {"pool", FILTER_NAME},
    {"kind", FILTER_WORD, kind_names},
    {"state", FILTER_WORD, resource_words},
    {"used", FILTER_COUNT},
    {"used%", FILTER_PERCENT},
    {"free", FILTER_COUNT},
    {"size", FILTER_COUNT},
    {0},
};

static const struct filter_field project_fields[] = {
    {"name", FILTER_NAME},
    {"org", FILTER_NAME},
    {"state", FILTER_WORD, project_state_names, project_shown},
    {"leases", FILTER_COUNT},
    {"limit", FILTER_COUNT},
    {"used%", FILTER_PERCENT},
    {0},
};

static const struct filter_field alert_fields[] = {
    {"kind", FILTER_WORD, alert_kind_names, alert_shown},
    {"severity", FILTER_WORD, severity_names},
    {"target", FILTER_PART},
    {"for", FILTER_SPAN},
    {0},
};

static const struct filter_field holder_fields[] = {
    {"holder", FILTER_NAME},
    {"leases", FILTER_COUNT},
    {"oldest", FILTER_SPAN},
    {"idle", FILTER_SPAN},
    {"expires", FILTER_TIME},
    {"pool", FILTER_WORD},
    {0},
};

static const struct filter_field label_key_fields[] = {
    {"key", FILTER_NAME},
    {"values", FILTER_COUNT},
    {"targets", FILTER_COUNT},
    {"leases", FILTER_COUNT},
    {"resources", FILTER_COUNT},
    {"pools", FILTER_COUNT},
    {"projects", FILTER_COUNT},
    {"orgs", FILTER_COUNT},
    {0},
};

static const struct filter_field label_value_fields[] = {
    {"value", FILTER_NAME},
    {"targets", FILTER_COUNT},
    {"leases", FILTER_COUNT},
    {"resources", FILTER_COUNT},
    {"pools", FILTER_COUNT},
    {"projects", FILTER_COUNT},
    {"orgs", FILTER_COUNT},
    {0},
};

static const struct filter_field label_target_fields[] = {
    {"kind", FILTER_WORD, target_words},
    {"target", FILTER_PART},
    {"pool", FILTER_NAME},
    {"holder", FILTER_NAME},
    {"state", FILTER_WORD, target_states},
    {0},
};

static const struct filter_field lookalike_fields[] = {
    {"group", FILTER_PART},
    {"n", FILTER_COUNT},
    {"where", FILTER_PART},
    {"differ", FILTER_PART},
    {0},
};

static const struct filter_field duplicate_fields[] = {
    {"values", FILTER_WORD, duplicate_words},
    {"key", FILTER_PART},
    {"rows", FILTER_COUNT},
    {"keeps", FILTER_PART},
    {"equal", FILTER_WORD, equal_words},
    {0},
};

static const struct filter_field run_fields[] = {
    {"state", FILTER_WORD, run_words},
    {"table", FILTER_PART},
    {"removed", FILTER_COUNT},
    {"put-back", FILTER_COUNT},
    {"started", FILTER_SPAN},
    {"constraint", FILTER_PART},
    {0},
};

static const struct filter_field removed_fields[] = {
    {"removed", FILTER_PART},
    {"kept", FILTER_PART},
    {"rule", FILTER_WORD, rule_words},
    {0},
};

const struct filter_field *const filter_fields[FILTER_ROWS] = {[FILTER_LEASES] = lease_fields,
    [FILTER_POOLS] = pool_fields,
    [FILTER_COMMANDS] = command_fields,
    [FILTER_RESOURCES] = resource_fields,
    [FILTER_PROJECTS] = project_fields,
    [FILTER_ALERTS] = alert_fields,
    [FILTER_HOLDERS] = holder_fields,
    [FILTER_LABEL_KEYS] = label_key_fields,
    [FILTER_LABEL_VALUES] = label_value_fields,
    [FILTER_LABEL_TARGETS] = label_target_fields,
    [FILTER_LOOKALIKES] = lookalike_fields,
    [FILTER_DUPLICATES] = duplicate_fields,
    [FILTER_RUNS] = run_fields,
    [FILTER_REMOVED] = removed_fields};

bool filter_has_labels(enum filter_rows rows) {
	static const bool labelled[FILTER_ROWS] = {[FILTER_LEASES] = true,
	    [FILTER_POOLS] = true,
	    [FILTER_RESOURCES] = true,
	    [FILTER_PROJECTS] = true,
	    [FILTER_LABEL_TARGETS] = true};

	return labelled[rows];
}

const struct filter_field *filter_field_find(enum filter_rows rows, const char *name, size_t n) {
	for (const struct filter_field *field = filter_fields[rows]; field->name != NULL; field++) {
		if (strlen(field->name) == n && memcmp(field->name, name, n) == 0) {
			return field;
		}
	}
	return NULL;
}

const char *row_filter_text(const struct row_filter *filter) {
	return filter == NULL ? NULL : filter->json;
}

void row_filter_release(struct row_filter *filter) {
	free(filter->json);
	*filter = (struct row_filter){0};
}
