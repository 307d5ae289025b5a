#include "ui/console/screens/project_badge.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include "db/base/buf.h"
#include "db/base/num.h"
#include "db/batch/rows.h"
#include "model/pool.h"
#include "model/project.h"
#include "ui/console/widgets/gauge.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/screens/limit_badge.h"
#include "ui/text/plain_json.h"
#include "ui/console/screens/project_header.h"
#include "ui/console/widgets/detail.h"
#include "ui/console/list/view.h"
#include "ui/text/humanize.h"

static const struct badge closed = {"CLOSED", GLYPH_ENDING, STYLE_ACCENT};

/* Return whether it has more leases than were counted, and the count. */
static bool is_uncounted(const struct project *project) {
	return project->max_leases == NO_LIMIT && project->leases > PROJECT_COUNTED;
}

static int64_t counted(const struct project *project) {
	return is_uncounted(project) ? PROJECT_COUNTED : project->leases;
}

static bool is_closed(const struct project *project) {
	return project->state != PROJECT_ACTIVE;
}

const struct badge *project_badge(const struct project *project) {
	return is_closed(project) ? &closed : limit_badge(project->leases, project->max_leases);
}

void project_name(const struct project *project, struct buf *out) {
	buf_printf(out, "%s/%s", project->organization, project->name);
}

/* Appends a number in at most 5 columns. */
static void put_short(int64_t number, struct buf *out) {
	struct count count;
	char digits[8];

	(void)snprintf(count.digits, sizeof count.digits, "%" PRId64, number);
	buf_puts(out, count_short(count, digits));
}

void project_leases(const struct project *project, struct buf *out) {
	buf_puts(out, is_uncounted(project) ? ">" : "");
	put_short(counted(project), out);
}

void project_limit(const struct project *project, struct buf *out) {
	if (project->max_leases == NO_LIMIT) {
		buf_puts(out, "no limit");
	} else {
		put_short(project->max_leases, out);
	}
}

void project_used(const struct project *project, struct buf *out) {
	if (project->max_leases != NO_LIMIT) {
		humanize_percent(limit_percent(project->leases, project->max_leases), out);
	}
}

bool project_gauge(const struct project *project, struct gauge *gauge) {
	*gauge = (struct gauge){.used = (double)project->leases,
	    .size = (double)project->max_leases,
	    .warn = POOL_WARN,
	    .crit = POOL_CRIT,
	    .style = project_badge(project)->style};
	if (project->max_leases == 0) {
		gauge->used = gauge->size = 1; /* nothing can be taken */
	}
	return project->max_leases != NO_LIMIT;
}

void project_use(const struct project *project, struct buf *out) {
	if (project->max_leases == NO_LIMIT) {
		buf_puts(out, is_uncounted(project) ? "more than " : "");
		humanize_plural(counted(project), "lease", "leases", out);
		buf_puts(out, ", no limit");
		return;
	}
	humanize_number(project->leases, out);
	buf_puts(out, " of ");
	humanize_plural(project->max_leases, "lease", "leases", out);
}

/* Appends what that means for the next lease. */
static void put_meaning(const struct project *project, struct buf *out) {
	int64_t left = project->max_leases - project->leases;

	if (is_closed(project)) {
		buf_puts(out, ": closed, nothing new can be added");
	} else if (project->max_leases == NO_LIMIT) {
		return;
	} else if (left > 0) {
		buf_puts(out, ", ");
		humanize_number(left, out);
		buf_puts(out, " more can be taken");
	} else if (left == 0) {
		buf_puts(out, ": full, no more can be taken");
	} else {
		buf_puts(out, ": ");
		humanize_number(-left, out);
		buf_puts(out, " over the limit, no more can be taken");
	}
}

void project_summary(struct pen *p, const struct project *project) {
	enum style style = project_badge(project)->style;
	struct buf text = {0};

	project_use(project, &text);
	put_meaning(project, &text);
	pen_say(p, style == STYLE_DIM ? STYLE_NORMAL : style, buf_text(&text));
	buf_release(&text);
}

static void say_org(struct pen *p, const struct project *project, const struct org *org) {
	struct buf text = {0};

	pen_label(p, "of");
	pen_foreign(p, STYLE_NORMAL, project->organization);
	if (org != NULL) {
		bool full = limit_nearness(org->projects, org->max_projects) >= LIMIT_REACHED;

		buf_puts(&text, ", which has ");
		org_use(org, &text);
		buf_puts(&text, full ? ": no more can be created" : "");
		pen_say(p, full ? STYLE_DANGER : STYLE_NORMAL, buf_text(&text));
	}
	buf_release(&text);
}

static int64_t count_pools(const struct project *project) {
	json_t *names = project->pools == NULL ? NULL : json_loads(project->pools, 0, NULL);
	int64_t count = (int64_t)json_array_size(names);

	json_decref(names);
	return count;
}

/* Prints what a deletion would remove. */
static void say_deletion(struct pen *p, const struct project *project) {
	struct buf text = {0};
	int64_t pools = count_pools(project);

	pen_label(p, "delete");
	if (is_closed(project)) {
		buf_puts(&text, "closed already; ");
	}
	buf_puts(&text, "ends ");
	buf_puts(&text, is_uncounted(project) ? "more than " : "");
	humanize_plural(counted(project), "lease", "leases", &text);
	if (pools > 0) {
		buf_puts(&text, " and removes ");
		humanize_plural(pools, "pool", "pools", &text);
		buf_puts(&text, "");
	}
	buf_puts(&text, "; then its name is free");
	pen_say(p, STYLE_NORMAL, buf_text(&text));
	buf_release(&text);
}

static void big_gauge(struct pen *p, const struct project *project) {
	int row = p->area.row + p->row;
	struct gauge gauge;

	if (project_gauge(project, &gauge)) {
		gauge_draw(p->grid, row, p->area.column, p->area.column + p->area.columns, &gauge);
		p->row += 1;
		pen_gap(p);
	}
}

void project_detail(struct pen *p, const struct project *project, const struct org *org) {
	bool roomy = p->area.rows > 12;
	struct buf text = {0};
	char id[ID_TEXT];

	if (roomy) {
		pen_gap(p);
		big_gauge(p, project);
	}
	project_summary(p, project);
	pen_break(p);
	if (roomy) {
		pen_gap(p);
	}
	plain_json(project->pools, &text);
	pen_label(p, "pools");
	pen_foreign(
	    p, text.len > 0 ? STYLE_NORMAL : STYLE_DIM, text.len > 0 ? buf_text(&text) : "none of its own");
	detail_json(p, "labels", project->labels);
	say_deletion(p, project);
	say_org(p, project, org);
	pen_label(p, "limits");
	pen_print(p, STYLE_NORMAL, "warns at %d%%, critical at %d%%", POOL_WARN, POOL_CRIT);
	buf_cut(&text, 0);
	humanize_time(project->created, &text);
	detail_text(p, "created", buf_text(&text));
	pen_label(p, "project");
	pen_print(p, STYLE_NORMAL, "%s, generation %" PRId64, id_text(project->id, id), project->generation);
	buf_release(&text);
}

void project_linear(const struct project *project, struct buf *out) {
	struct buf pools = {0};

	buf_printf(out, "%s ", project_badge(project)->word);
	project_name(project, out);
	buf_puts(out, ": ");
	project_use(project, out);
	if (project->max_leases != NO_LIMIT) {
		buf_puts(out, ", used ");
		project_used(project, out);
	}
	plain_json(project->pools, &pools);
	buf_printf(out, ", pools %s", pools.len == 0 ? "none" : buf_text(&pools));
	buf_cut(&pools, 0);
	plain_json(project->labels, &pools);
	if (pools.len > 0) {
		buf_printf(out, ", labels %s", buf_text(&pools));
	}
	buf_release(&pools);
}
