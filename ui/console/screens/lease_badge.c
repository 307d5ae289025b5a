#include "ui/console/screens/lease_badge.h"

#include <inttypes.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/id.h"
#include "model/lease.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/detail.h"
#include "ui/text/humanize.h"

#define SOON (3600 * TIME_SECOND)

/* The states that the screen distinguishes. */
enum lease_badge {
	LOOK_WAIT,
	LOOK_START,
	LOOK_HELD,
	LOOK_SOON,
	LOOK_LATE,
	LOOK_ENDING,
	LOOK_GONE,
	LOOK_BROKEN
};

static const struct badge looks[] = {
    [LOOK_WAIT] = {"WAIT", GLYPH_WAIT, STYLE_DIM, "waits for a value to become free"},
    [LOOK_START] = {"START", GLYPH_ENTER, STYLE_ACCENT, "holds its value; the activate hook has not ended"},
    [LOOK_HELD] = {"HELD", GLYPH_HELD, STYLE_NORMAL, "in use"},
    [LOOK_SOON] = {"SOON", GLYPH_SOON, STYLE_WARNING, "in use, and expires within the hour"},
    [LOOK_LATE] = {"LATE", GLYPH_FULL, STYLE_DANGER, "past its end; the worker will release it"},
    [LOOK_ENDING] = {"ENDING", GLYPH_ENDING, STYLE_ACCENT,
	"released; the value is held until its hook and delay are over"},
    [LOOK_GONE] = {"GONE", GLYPH_UNUSED, STYLE_DIM, "ended; its id cannot be used again"},
    [LOOK_BROKEN] = {"BROKEN", GLYPH_FULL, STYLE_DANGER, "a hook failed for good; retry, skip or force it"},
};

static enum lease_badge look_of(const struct lease *lease, int64_t now) {
	static const enum lease_badge plain[] = {[LEASE_PENDING] = LOOK_WAIT,
	    [LEASE_ACQUIRED] = LOOK_START,
	    [LEASE_ACTIVE] = LOOK_HELD,
	    [LEASE_RELEASED] = LOOK_ENDING,
	    [LEASE_DESTROYED] = LOOK_GONE,
	    [LEASE_BROKEN] = LOOK_BROKEN};
	bool live = lease->state == LEASE_ACTIVE || lease->state == LEASE_ACQUIRED;

	if (live && lease->until != TIME_NONE && lease->until <= now) {
		return LOOK_LATE;
	}
	if (live && lease->until != TIME_NONE && lease->until - now < SOON) {
		return LOOK_SOON;
	}
	return plain[lease->state];
}

const struct badge *lease_badge(const struct lease *lease, int64_t now) {
	return &looks[look_of(lease, now)];
}

void lease_held(const struct lease *lease, int64_t now, struct buf *out) {
	if (lease->acquired == TIME_NONE) {
		buf_puts(out, "-");
	} else {
		humanize_span(
		    (lease->destroyed == TIME_NONE ? now : lease->destroyed) - lease->acquired, out);
	}
}

void lease_expires(const struct lease *lease, int64_t now, struct buf *out) {
	if (lease->state == LEASE_DESTROYED) {
		buf_puts(out, "ended");
	} else {
		humanize_when(lease->until, now, out);
	}
}

/* Appends the value, or "no value". */
static void name_of(const struct lease *lease, struct buf *out) {
	if (lease->held) {
		lease_value(lease, out);
	} else {
		buf_puts(out, "no value");
	}
}

void lease_line(struct pen *p, const struct lease *lease, int64_t now) {
	int row = p->area.row + p->row;
	int start = p->area.column;
	int end = start + p->area.columns;
	int middle = start + 2 + (p->area.columns - 10) * 2 / 5;
	const struct badge *badge = lease_badge(lease, now);
	struct buf text = {0};

	p->column = p->area.columns;
	if (p->row < 0 || p->row >= p->area.rows) {
		return;
	}
	(void)grid_glyph(p->grid, row, start, end, badge->style, badge->glyph);
	name_of(lease, &text);
	grid_field(
	    p->grid, row, start + 2, middle, badge->style, ALIGN_LEFT, SAFE_CUT_MIDDLE, buf_text(&text));
	grid_field(
	    p->grid, row, middle + 1, end - 8, badge->style, ALIGN_LEFT, SAFE_CUT_MIDDLE, lease->holder);
	buf_cut(&text, 0);
	humanize_span(now - lease->created, &text);
	grid_field(p->grid, row, end - 7, end, STYLE_DIM, ALIGN_RIGHT, SAFE_CUT_END, buf_text(&text));
	buf_release(&text);
}

void lease_summary(struct pen *p, const struct lease *lease, int64_t now) {
	const struct badge *badge = lease_badge(lease, now);
	struct buf text = {0};

	name_of(lease, &text);
	pen_foreign(p, STYLE_NORMAL, buf_text(&text));
	pen_say(p, STYLE_NORMAL, " of ");
	pen_foreign(p, STYLE_NORMAL, lease->pool);
	pen_print(p, badge->style, ": %s", badge->meaning);
	buf_release(&text);
}

/* Prints the times of its life, in that order. */
static void timeline(struct pen *p, const struct lease *lease, int64_t now) {
	if (lease->acquired != lease->created) {
		detail_time(p, "requested", lease->created, now);
	}
	detail_time(p, "acquired", lease->acquired, now);
	if (lease->activated != lease->acquired) {
		detail_time(p, "activated", lease->activated, now);
	}
	detail_time(p, "released", lease->released, now);
	if (lease->destroyed != lease->released) {
		detail_time(p, "ended", lease->destroyed, now);
	}
	if (lease->state != LEASE_DESTROYED) {
		detail_time(p, "expires", lease->until, now);
	}
}

/* Prints the effect of a release. */
static void consequence(struct pen *p, const struct lease *lease) {
	struct buf text = {0};

	if (lease->state == LEASE_DESTROYED || lease->state == LEASE_RELEASED) {
		return;
	}
	pen_label(p, "release");
	if (lease->held) {
		buf_puts(&text, "frees ");
		lease_value(lease, &text);
		buf_puts(&text, " in ");
	} else {
		buf_puts(&text, "leaves the waiting line of ");
	}
	buf_puts(&text, lease->pool);
	buf_puts(&text, "; its id cannot be used again");
	pen_foreign(p, STYLE_NORMAL, buf_text(&text));
	buf_release(&text);
}

void lease_detail(struct pen *p, const struct lease *lease, int64_t now) {
	detail_badge(p, lease_badge(lease, now));
	detail_id(p, "lease", lease->id);
	detail_text(p, "holder", lease->holder);
	timeline(p, lease, now);
	if (lease->until == TIME_NONE && lease->state != LEASE_DESTROYED) {
		pen_label(p, "expires");
		pen_say(p, STYLE_NORMAL, "never");
	}
	consequence(p, lease);
	detail_text(p, "by", lease->created_by);
	detail_text(p, "project", lease->project);
	detail_json(p, "labels", lease->labels);
	pen_label(p, "version");
	pen_print(p, STYLE_NORMAL, "generation %" PRId64, lease->generation);
	if (lease->priority != 0) {
		pen_print(p, STYLE_NORMAL, ", priority %" PRId64, lease->priority);
	}
}

void lease_linear(const struct lease *lease, int64_t now, struct buf *out) {
	char id[ID_TEXT];

	buf_printf(out, "%s ", lease_badge(lease, now)->word);
	name_of(lease, out);
	buf_printf(
	    out, " in %s, holder %s, held ", lease->pool, *lease->holder == '\0' ? "none" : lease->holder);
	lease_held(lease, now, out);
	buf_puts(out, ", expires ");
	lease_expires(lease, now, out);
	buf_printf(out, ", id %s", id_text(lease->id, id));
}
