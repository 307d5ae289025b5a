#include "ui/console/screens/project_header.h"

#include "db/base/buf.h"
#include "db/batch/rows.h"
#include "model/project.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/screens/limit_badge.h"
#include "ui/console/widgets/pen.h"
#include "ui/console/list/view.h"
#include "ui/text/humanize.h"

#define MORE 12 /* columns of "and 99 more", kept free at the end of the last line */
#define GAP 3   /* between two organizations */

void org_use(const struct org *org, struct buf *out) {
	if (org->max_projects != NO_LIMIT) {
		humanize_number(org->projects, out);
		buf_puts(out, " of ");
		humanize_plural(org->max_projects, "project", "projects", out);
	} else {
		humanize_plural(org->projects, "project", "projects", out);
		buf_puts(out, ", no limit");
	}
}

/* Returns the columns for glyph, name and use. */
static int width_of(const struct org *org, const struct buf *use, bool ascii) {
	return 2 + grid_width(org->name, ascii) + 1 + (int)use->len;
}

static void say_org(struct pen *p, const struct org *org, const struct buf *use) {
	const struct badge *badge = limit_badge(org->projects, org->max_projects);
	enum style style = badge->style == STYLE_DIM ? STYLE_NORMAL : badge->style;
	bool loud = limit_nearness(org->projects, org->max_projects) >= LIMIT_NEAR;

	if (p->column > 0) {
		pen_print(p, STYLE_NORMAL, "%*s", GAP, "");
	}
	pen_print(p, style, "%s ", glyph_text(loud ? badge->glyph : GLYPH_DOT, p->grid->ascii));
	pen_foreign(p, loud ? style : STYLE_BOLD, org->name);
	pen_print(p, style, " %s", buf_text(use));
}

/* Goes to the next line when the organization does not fit into this one; false when there is none. */
static bool make_room(struct pen *p, int width, bool last) {
	int gap = p->column > 0 ? GAP : 0;
	int end = p->area.columns - (last || pen_fits(p, 1) ? 0 : MORE);

	if (p->column + gap + width <= end) {
		return true;
	}
	if (p->column == 0 || !pen_fits(p, 1)) {
		return p->column == 0;
	}
	pen_break(p);
	return true;
}

/* Prints how many had no room, briefly where there are few columns. */
static void say_more(struct pen *p, size_t count, bool whole) {
	bool wide = p->column + MORE <= p->area.columns;

	pen_print(p, STYLE_DIM,
	    whole  ? (wide ? "  and %zu more" : "  +%zu")
	    : wide ? "  and more"
		   : "  ...",
	    count);
}

void project_head(struct pen *p, const struct rowset *orgs, bool whole) {
	if (orgs->count == 0) {
		pen_say(p, STYLE_DIM, "There are no organizations yet; every project needs one.");
	}
	for (size_t i = 0; i < orgs->count; i++) {
		const struct org *org = orgs->rows[i];
		struct buf use = {0};
		bool room;

		org_use(org, &use);
		room = make_room(p, width_of(org, &use, p->grid->ascii), whole && i + 1 == orgs->count);
		if (room) {
			say_org(p, org, &use);
		} else {
			say_more(p, orgs->count - i, whole);
		}
		buf_release(&use);
		if (!room) {
			return;
		}
	}
}
