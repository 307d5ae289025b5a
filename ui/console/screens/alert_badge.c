#include "ui/console/screens/alert_badge.h"

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "ui/console/list/view.h"
#include "ui/text/humanize.h"

/* For each kind its look, and the view that shows its cause. */
static const struct {
	struct badge badge;
	const struct view *view;
} kinds[] = {
    [ALERT_NO_WORKER] = {{"NO WORKER", GLYPH_FULL, STYLE_DANGER, "nothing is applied"}, &view_queue},
    [ALERT_OVERDUE] = {{"OVERDUE", GLYPH_FULL, STYLE_DANGER,
			   "leases are past their end and keep their values"},
	&view_leases},
    [ALERT_FULL_WAITING] = {{"FULL", GLYPH_FULL, STYLE_DANGER, "nothing is free, and requests wait"},
	&view_pools},
    [ALERT_FULL] = {{"FULL", GLYPH_FULL, STYLE_DANGER, "nothing is free"}, &view_pools},
    [ALERT_STUCK] = {{"STUCK", GLYPH_FULL, STYLE_DANGER, "a hook has failed for good"}, &view_queue},
    [ALERT_LIMIT] = {{"LIMIT", GLYPH_OVER, STYLE_WARNING, "nothing more can be made"}, &view_projects},
    [ALERT_RUNS_OUT] = {{"SOON", GLYPH_SOONEST, STYLE_WARNING, "it runs out within a day"}, &view_pools},
    [ALERT_DRAIN] = {{"DRAIN", GLYPH_OVER, STYLE_WARNING, "a drain does not end by itself"}, &view_pools},
    [ALERT_INVALID_INDEX] = {{"INDEX", GLYPH_OVER, STYLE_WARNING, "an index is not valid"},
	&view_dedupe_runs},
    [ALERT_GUARD] = {{"GUARD", GLYPH_OVER, STYLE_WARNING, "a run of dedupe is unfinished"},
	&view_dedupe_runs},
    [ALERT_INVARIANT] = {{"BROKEN", GLYPH_FULL, STYLE_DANGER, "berth contradicts itself"}, &view_alerts},
    [ALERT_DUPLICATES] = {{"DOUBLES", GLYPH_ALIKE, STYLE_WARNING, "a table has duplicates again"},
	&view_dedupe_runs},
};

const struct badge *alert_badge(const struct alert *alert) {
	return &kinds[alert->kind].badge;
}

const struct view *alert_view(const struct alert *alert) {
	return kinds[alert->kind].view;
}

void alert_span(const struct alert *alert, int64_t now, struct buf *out) {
	if (alert->since != TIME_NONE) {
		buf_puts(out, "for ");
		humanize_span(now - alert->since, out);
	}
}
