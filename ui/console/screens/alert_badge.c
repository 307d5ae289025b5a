#include "ui/console/screens/alert_badge.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "model/alert.h"
#include "ui/console/list/view.h"
#include "ui/text/humanize.h"

/* For each kind its look, the view that shows its cause, and the filter that finds it there. Without a filter
 * the target itself is shown, if it has a screen. */
static const struct {
	struct badge badge;
	const struct view *view;
	const char *filter;
	enum scope_kind scope; /* of the target's name */
} kinds[] = {
    [ALERT_NO_WORKER] = {{"NO WORKER", GLYPH_FULL, STYLE_DANGER, "nothing is applied"}, &view_queue, "",
	SCOPE_NONE},
    [ALERT_OVERDUE] = {{"OVERDUE", GLYPH_FULL, STYLE_DANGER,
			   "leases are past their end and keep their values"},
	&view_leases, "", SCOPE_POOL},
    [ALERT_FULL_WAITING] = {{"FULL", GLYPH_FULL, STYLE_DANGER, "nothing is free, and requests wait"},
	&view_pools, NULL, SCOPE_NONE},
    [ALERT_FULL] = {{"FULL", GLYPH_FULL, STYLE_DANGER, "nothing is free"}, &view_pools, NULL, SCOPE_NONE},
    [ALERT_STUCK] = {{"STUCK", GLYPH_FULL, STYLE_DANGER, "a hook has failed for good"}, &view_queue, "",
	SCOPE_NONE},
    [ALERT_LIMIT] = {{"LIMIT", GLYPH_OVER, STYLE_WARNING, "nothing more can be made"}, &view_projects, NULL,
	SCOPE_NONE},
    [ALERT_RUNS_OUT] = {{"SOON", GLYPH_SOONEST, STYLE_WARNING, "it runs out within a day"}, &view_pools, NULL,
	SCOPE_NONE},
    [ALERT_DRAIN] = {{"DRAIN", GLYPH_OVER, STYLE_WARNING, "a drain does not end by itself"}, &view_pools,
	NULL, SCOPE_NONE},
    [ALERT_INVALID_INDEX] = {{"INDEX", GLYPH_OVER, STYLE_WARNING, "an index is not valid"}, &view_dedupe_runs,
	"", SCOPE_NONE},
    [ALERT_GUARD] = {{"GUARD", GLYPH_OVER, STYLE_WARNING, "a run of dedupe is unfinished"}, &view_dedupe_runs,
	"", SCOPE_NONE},
    [ALERT_INVARIANT] = {{"BROKEN", GLYPH_FULL, STYLE_DANGER, "berth contradicts itself"}, &view_alerts, "",
	SCOPE_NONE},
    [ALERT_DUPLICATES] = {{"DOUBLES", GLYPH_ALIKE, STYLE_WARNING, "a table has duplicates again"},
	&view_dedupe_runs, "", SCOPE_NONE},
};

const struct badge *alert_badge(const struct alert *alert) {
	return &kinds[alert->kind].badge;
}

const struct view *alert_view(const struct alert *alert) {
	return kinds[alert->kind].view;
}

struct jump alert_jump(const struct alert *alert) {
	size_t n = alert_target_kind(alert);
	char *kind = mem_print("%.*s", (int)n, alert->target);
	const char *name = alert->target + n + (alert->target[n] == '/' ? 1 : 0);
	struct id id = {{0}};
	struct jump jump = {0};

	if (kinds[alert->kind].scope != SCOPE_NONE) {
		jump = (struct jump){
		    .view = kinds[alert->kind].view, .scope = scope_new(kinds[alert->kind].scope, name)};
	} else if (kinds[alert->kind].filter == NULL || strcmp(kind, "command") == 0) {
		id = id_parse(name, &id) ? id : (struct id){{0}};
		jump = jump_to(kind, id, name);
	} else {
		jump.view = kinds[alert->kind].view;
		buf_puts(&jump.filter, kinds[alert->kind].filter);
	}
	free(kind);
	return jump;
}

void alert_span(const struct alert *alert, int64_t now, struct buf *out) {
	if (alert->since != TIME_NONE) {
		buf_puts(out, "for ");
		humanize_span(now - alert->since, out);
	}
}
