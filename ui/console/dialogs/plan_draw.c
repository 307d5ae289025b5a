/*
 * Draws a plan: its effect, the exceptions, and how to confirm it.
 */
#include "ui/console/dialogs/plan.h"

#include <inttypes.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/batch/rows.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/screens/lease_badge.h"
#include "ui/text/effect.h"
#include "ui/text/humanize.h"
#include "ui/verbs/call.h"

#define STRIP 6       /* rows of a plan without a phrase, where there is room */
#define GENERATION 10 /* columns of a generation */
#define POOLS_SHOWN 4 /* more are only counted */
#define TIGHT 7       /* with fewer rows the exceptions come first */

static const char *arrow_of(const struct grid *g) {
	return g->ascii ? " -> " : " \xe2\x86\x92 ";
}

static void say_effects(struct pen *p, const struct effect *effect) {
	for (size_t i = 0; i < effect->pools.count && i < POOLS_SHOWN; i++) {
		struct buf text = {0};

		effect_words(effect->pools.rows[i], arrow_of(p->grid), false, &text);
		pen_break(p);
		pen_foreign(p, STYLE_BOLD, buf_text(&text));
		buf_release(&text);
	}
	if (effect->pools.count > POOLS_SHOWN) {
		pen_print(p, STYLE_DIM, " and %zu more pools", effect->pools.count - POOLS_SHOWN);
	}
}

/* Leases that a release treats in another way than the operator may expect. */
static const struct {
	enum lease_state state;
	const char *one;
	const char *many;
} odd[] = {
    {LEASE_PENDING, "lease only waits for a value", "leases only wait for a value"},
    {LEASE_ACQUIRED, "lease is being activated", "leases are being activated"},
    {LEASE_RELEASED, "lease is being released already", "leases are being released already"},
    {LEASE_BROKEN, "lease is broken: its release starts over",
	"leases are broken: their release starts over"},
    {LEASE_DESTROYED, "lease is gone already", "leases are gone already"},
};

static void exception(struct pen *p, int64_t count, const char *one, const char *many) {
	struct buf text = {0};

	if (count > 0) {
		humanize_plural(count, one, many, &text);
		pen_break(p);
		pen_print(p, STYLE_WARNING, "! %s", buf_text(&text));
	}
	buf_release(&text);
}

/* Prints commands that are open on its leases: "a release of sam waits, due in 8s". */
static void say_busy(struct pen *p, const struct busy *busy, int64_t now) {
	struct buf when = {0};

	if (busy->due > now) {
		buf_puts(&when, ", due ");
		humanize_when(busy->due, now, &when);
	}
	pen_break(p);
	pen_print(p, STYLE_WARNING, "! %" PRId64 " open: %s by ", busy->commands, busy->action);
	pen_foreign(p, STYLE_WARNING, busy->author);
	pen_print(p, STYLE_WARNING, "%s", buf_text(&when));
	buf_release(&when);
}

void plan_say_others(struct pen *p, const struct rowset *others, int64_t now) {
	for (size_t i = 0; i < others->count; i++) {
		const struct open_plan *other = others->rows[i];
		struct buf span = {0};

		humanize_exact(now - other->since, &span);
		pen_break(p);
		pen_say(p, STYLE_WARNING, "! ");
		pen_foreign(p, STYLE_WARNING, other->who);
		pen_say(p, STYLE_WARNING, " has a plan open: ");
		pen_foreign(p, STYLE_WARNING, other->doing);
		pen_print(p, STYLE_WARNING, ", for %s", buf_text(&span));
		buf_release(&span);
	}
}

static void say_exceptions(struct pen *p, const struct plan *plan, int64_t now) {
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		int64_t count = 0;

		for (size_t k = 0; k < plan->leases.count; k++) {
			count += ((const struct lease *)plan->leases.rows[k])->state == odd[i].state ? 1 : 0;
		}
		exception(p, count, odd[i].one, odd[i].many);
	}
	exception(p, (int64_t)plan->left_out, plan->marked ? "marked row is left out" : "target is left out",
	    plan->marked ? "marked rows are left out" : "targets are left out");
	if (plan->left_out > 0) {
		pen_print(p, STYLE_WARNING, ": %s", plan->left_why);
	}
	exception(p, (int64_t)plan_shortens(plan, now),
	    plan->shorten ? "lease ends earlier than it does"
			  : "lease would end earlier than it does: it will be refused",
	    plan->shorten ? "leases end earlier than they do"
			  : "leases would end earlier than they do: they will be refused");
	exception(p, (int64_t)plan->changed,
	    plan_counts(plan) ? "lease has changed since you saw it: it will be refused"
			      : "generation is not the one that you named: it will be refused",
	    "leases have changed since you saw them: they will be refused");
	if (plan->changed_all > (int64_t)plan->changes.count) {
		pen_break(p);
		pen_print(p, STYLE_WARNING,
		    "! %" PRId64 " changes are not shown: these are the last %zu of %" PRId64,
		    plan->changed_all - (int64_t)plan->changes.count, plan->changes.count, plan->changed_all);
	}
	for (size_t i = 0; i < plan->commands.count; i++) {
		say_busy(p, plan->commands.rows[i], now);
	}
	if (plan->known && !plan->frozen &&
	    plan->effect.targets > (int64_t)(plan_counts(plan) ? plan->leases.count : plan->rows.count)) {
		pen_break(p);
		pen_print(p, STYLE_WARNING,
		    "! too many to name one by one: it takes those that match when it begins");
	}
}

static void say_grace(struct pen *p, const struct plan *plan) {
	struct buf text = {0};

	if (plan_grace(plan) > 0) {
		humanize_exact(plan_grace(plan), &text);
		pen_print(p, STYLE_KEY, "y");
		pen_print(p, STYLE_NORMAL, " queues it, %s to undo  ", buf_text(&text));
	} else {
		pen_key(p, "y",
		    plan->act == PLAN_CANCEL   ? "cancels it"
		    : plan->act == PLAN_DIRECT ? "applies it"
					       : "queues it");
	}
	buf_release(&text);
}

/* Prints the keys that work now. */
static void say_keys(struct pen *p, const struct plan *plan) {
	if (plan->busy) {
		pen_say(p, STYLE_ACCENT, "sent; waiting for the answer");
	} else if (!plan->known) {
		pen_say(p, STYLE_ACCENT, "asking what would change  ");
		pen_key(p, "Esc", "leaves it");
	} else if (plan->unsettled) {
		pen_say(p, STYLE_DANGER,
		    plan->act == PLAN_DIRECT ? "May have been applied: " : "May have been queued: ");
		pen_key(p, plan->phrased ? "Enter" : "y", "sends it again with the same id");
		pen_key(p, "Esc", "leaves it");
	} else if (!plan->phrased) {
		say_grace(p, plan);
		pen_key(p, "Esc", "leaves it");
		pen_key(p, "J C", "copy");
	}
}

/* Says what becomes of the one row. */
static void say_after(struct pen *p, const struct plan *plan, int64_t now) {
	struct buf text = {0};

	if (!plan->phrased && plan->rows.count == 1) {
		plan_after(plan, plan->rows.rows[0], now, arrow_of(p->grid), &text);
	}
	if (text.len > 0) {
		pen_break(p);
		pen_foreign(p, STYLE_BOLD, buf_text(&text));
	}
	buf_release(&text);
}

/* Says what happens after a phrase. */
static void say_later(struct pen *p, const struct plan *plan) {
	struct buf text = {0};

	if (plan->act == PLAN_DIRECT) {
		return;
	}
	pen_break(p);
	if (plan_grace(plan) > 0) {
		humanize_exact(plan_grace(plan), &text);
		pen_print(p, STYLE_NORMAL, "it waits %s, and ", buf_text(&text));
		pen_key(p, "u", "cancels it");
	}
	if (plan->act != PLAN_DELETE) {
		pen_break(p);
		pen_say(p, STYLE_DIM, "later changes are refused and reported, item by item, in the queue");
	}
	buf_release(&text);
}

static void say_body(struct pen *p, const struct plan *plan, const struct rowset *others, int64_t now) {
	bool tight = p->area.rows < TIGHT;

	if (tight) {
		say_after(p, plan, now);
	}
	if (plan->known && tight) {
		say_exceptions(p, plan, now);
	}
	if (plan->known && (plan_counts(plan) || plan->act == PLAN_CORDON || plan->act == PLAN_UNCORDON)) {
		say_effects(p, &plan->effect);
	}
	if (plan->known && !tight) {
		say_exceptions(p, plan, now);
	}
	if (!tight) {
		say_after(p, plan, now);
	}
	plan_say_others(p, others, now);
	if (plan->note != NULL) {
		pen_break(p);
		pen_foreign(p, STYLE_NORMAL, plan->note);
	}
	if (plan->phrased && plan->known) {
		say_later(p, plan);
	}
	if (plan->reason != NULL) {
		pen_break(p);
		pen_say(p, STYLE_DIM, "reason ");
		pen_foreign(p, STYLE_NORMAL, plan->reason);
	}
}

/* Prints "Release 31007 of fra-db-ports on PROD   nothing has been queued yet". */
static void say_title(struct pen *p, const struct plan *plan, const char *environment) {
	struct buf title = {0};

	plan_title(plan, &title);
	pen_foreign(p, STYLE_HEAD, buf_text(&title));
	pen_say(p, STYLE_HEAD, " on ");
	pen_foreign(p, STYLE_HEAD, environment);
	if (plan->generation != 0) {
		pen_print(p, STYLE_DIM, "  generation %" PRId64, plan->generation);
	}
	buf_release(&title);
}

/* Draws over the lowest rows of the list, with the keys in the last row of the screen. */
static void draw_strip(const struct plan *plan, const struct rowset *others, struct grid *g, struct rect body,
    const char *environment, int64_t now) {
	int most = g->rows >= 20 ? STRIP : g->rows >= 10 ? STRIP - 1 : 1;
	int rows = body.rows - 1 < most ? body.rows - 1 : most;
	int column = body.column + 1;
	int top = body.row + body.rows - rows;
	struct pen pen = pen_start(g, (struct rect){top, column, rows, body.columns - column});

	for (int row = top; row < top + rows; row++) {
		(void)grid_print(g, row, 0, g->columns, STYLE_NORMAL, "%*s", g->columns, "");
	}
	if (rows > 2) {
		grid_line(g, top, column, g->columns - column, STYLE_DIM, GLYPH_RULE);
		pen = pen_start(g, (struct rect){top + 1, column, rows - 1, body.columns - column});
	}
	if (rows > 0) {
		say_title(&pen, plan, environment);
		say_body(&pen, plan, others, now);
	}
	(void)grid_print(g, g->rows - 1, 0, g->columns, STYLE_NORMAL, "%*s", g->columns, "");
	pen = pen_start(g, (struct rect){g->rows - 1, column, 1, g->columns - column});
	say_keys(&pen, plan);
	g->cursor_row = g->rows - 1;
	g->cursor_column = column < g->columns ? column : 0;
}

/* Draws a lease, and the generation that the command will name. */
static void draw_lease(const struct pen *p, const struct lease *lease, int64_t now) {
	struct pen line = *p;
	int end = p->area.column + p->area.columns;

	line.area.columns -= GENERATION;
	lease_line(&line, lease, now);
	(void)grid_print(p->grid, p->area.row + p->row, end - GENERATION, end, STYLE_DIM, "  gen %" PRId64,
	    lease->generation);
}

/* Draws a line of the list: a lease in columns, a marked row as a sentence. It stands out when the search
 * finds it. */
static void draw_line(struct pen *p, const struct plan *plan, size_t line, int64_t now) {
	int row = p->area.row + p->row;
	int end = p->area.column + p->area.columns;
	struct buf text = {0};

	plan_line(plan, line, now, arrow_of(p->grid), &text);
	if (plan->leases.count > 0) {
		draw_lease(p, plan->leases.rows[line], now);
	} else {
		size_t indent = strspn(buf_text(&text), " ");

		(void)grid_foreign(p->grid, row, p->area.column + (int)indent, end, STYLE_NORMAL,
		    buf_text(&text) + indent, text.len - indent);
	}
	if (text_search_matches(&plan->list.search, buf_text(&text))) {
		grid_restyle(p->grid, row, p->area.column, end, STYLE_ACCENT);
	}
	p->column = p->area.columns;
	pen_break(p);
	buf_release(&text);
}

/* Prints the lines of the list from the one that it is scrolled to, and how many are not shown. */
static void draw_lines(struct pen *p, const struct plan *plan, int64_t now) {
	size_t count = plan_lines(plan);
	int64_t all =
	    plan->frozen || plan->effect.targets < (int64_t)count ? (int64_t)count : plan->effect.targets;
	size_t next = plan->list.top;

	pen_break(p);
	while (next < count && pen_fits(p, next + 1 < count && next > plan->list.top ? 2 : 1)) {
		draw_line(p, plan, next++, now);
	}
	if (next > 0 && pen_fits(p, 1) && all > (int64_t)next) {
		plan_list_more(p, all - (int64_t)next, next < count);
	}
}

static void draw_confirm(const struct plan *plan, struct grid *g, struct rect area) {
	struct buf phrase = {0};

	plan_phrase(plan, &phrase);
	confirm_draw(&plan->confirm, buf_text(&phrase), "Type this, Enter; ", g, area);
	buf_release(&phrase);
}

static int rows_to_confirm(const struct plan *plan, int columns) {
	struct buf phrase = {0};
	int rows;

	if (!plan->phrased) {
		return 1;
	}
	plan_phrase(plan, &phrase);
	rows = confirm_rows(buf_text(&phrase), columns);
	buf_release(&phrase);
	return rows;
}

/* Draws what it does and its list, which has a row however much there is to say. */
static void draw_upper(const struct plan *plan, const struct rowset *others, struct grid *g,
    struct rect upper, const char *environment, int64_t now) {
	size_t lines = plan_lines(plan);
	int kept = lines == 0                         ? 0
		   : lines == 1 || upper.rows < TIGHT ? 1
						      : 2; /* with the count of the others */
	struct pen pen = pen_start(g, upper);

	pen.area.rows -= pen.area.rows > kept + 1 ? kept : 0;
	say_title(&pen, plan, environment);
	say_body(&pen, plan, others, now);
	if (upper.rows > 8) {
		pen_gap(&pen);
	}
	pen_break(&pen);
	pen.row = pen.row > pen.area.rows ? pen.area.rows : pen.row;
	pen.area.rows = upper.rows;
	draw_lines(&pen, plan, now);
}

static void draw_body(const struct plan *plan, const struct rowset *others, struct grid *g, struct rect body,
    const char *environment, int64_t now) {
	int needed = rows_to_confirm(plan, body.columns - 1);
	int confirm = body.rows > needed ? needed : body.rows;
	struct rect upper = {body.row, body.column + 1, body.rows - confirm, body.columns - 1};
	struct rect lower = {body.row + upper.rows, body.column + 1, confirm, body.columns - 1};
	struct pen keys = pen_start(g, lower);

	if (upper.rows > 0) {
		draw_upper(plan, others, g, upper, environment, now);
	}
	if (plan->phrased && plan->known && !plan->busy && !plan->unsettled) {
		draw_confirm(plan, g, lower);
		return;
	}
	say_keys(&keys, plan);
	g->cursor_row = lower.row;
	g->cursor_column = lower.column;
}

void plan_draw(const struct plan *plan, const struct rowset *others, struct grid *g, struct rect body,
    const char *environment, int64_t now) {
	if (plan_is_whole(plan)) {
		draw_body(plan, others, g, body, environment, now);
	} else {
		draw_strip(plan, others, g, body, environment, now);
	}
}
