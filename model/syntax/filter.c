#include "model/syntax/filter.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch/rows.h"

/* The states of rows, and the words that screens show for them. */
static const char *const lease_words[] = {"pending", "acquired", "active", "released", "destroyed", "broken",
    "wait", "start", "held", "soon", "late", "ending", "gone", NULL};
static const char *const pool_words[] = {
    "ok", "warning", "critical", "exhausted", "warn", "crit", "full", "empty", NULL};
static const char *const command_words[] = {"queued", "running", "done", "quarantined", "cancelled",
    "applied", "noop", "rejected", "failed", "wait", "retry", "run", "stuck", "reject", "cancel", NULL};
static const char *const action_words[] = {"release", "reclaim", "cordon", "uncordon", "extend", "transfer",
    "label", "activate", "retry", "skip", "force", "delete", NULL};

static const char *const resource_words[] = {"active", "released", "broken", "cordon", "drain", NULL};
static const char *const project_words[] = {"active", "deleting", "closed", NULL};

static const struct filter_field lease_fields[] = {
    {"state", FILTER_WORD, lease_words},
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
    {"status", FILTER_WORD, pool_words},
    {"used", FILTER_COUNT},
    {"used%", FILTER_PERCENT},
    {"free", FILTER_COUNT},
    {"size", FILTER_COUNT},
    {"waiting", FILTER_COUNT},
    {"runs-out", FILTER_TIME},
    {0},
};

static const struct filter_field command_fields[] = {
    {"state", FILTER_WORD, command_words},
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
    {"state", FILTER_WORD, project_words},
    {"leases", FILTER_COUNT},
    {"limit", FILTER_COUNT},
    {"used%", FILTER_PERCENT},
    {0},
};

static const struct filter_field alert_fields[] = {
    {"kind", FILTER_WORD, alert_kind_names},
    {"severity", FILTER_WORD, severity_names},
    {"target", FILTER_PART},
    {"for", FILTER_SPAN},
    {0},
};

const struct filter_field *const filter_fields[FILTER_ROWS] = {[FILTER_LEASES] = lease_fields,
    [FILTER_POOLS] = pool_fields,
    [FILTER_COMMANDS] = command_fields,
    [FILTER_RESOURCES] = resource_fields,
    [FILTER_PROJECTS] = project_fields,
    [FILTER_ALERTS] = alert_fields};

bool filter_has_labels(enum filter_rows rows) {
	return rows != FILTER_COMMANDS && rows != FILTER_ALERTS;
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
