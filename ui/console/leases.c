/*
 * Screen 2: who holds what, newest first. The window is keyed by `seq`, so that
 * it costs the same at ten million leases, and its order never changes.
 */
#include "ui/console/view.h"

#include <stdlib.h>
#include <string.h>

#include "db/batch.h"
#include "db/buf.h"
#include "db/clock.h"
#include "db/mem.h"
#include "model/lease.h"
#include "ui/console/labels.h"
#include "ui/console/lease_text.h"
#include "ui/console/words.h"

static enum glyph cell_glyph(const void *row, const struct facts *facts) {
	return lease_glyph(row, facts->now);
}

static enum style cell_style(const void *row, const struct facts *facts) {
	return lease_style(row, facts->now);
}

static enum style end_style(const void *row, const struct facts *facts) {
	const struct lease *lease = row;

	return lease->until == TIME_NONE ? STYLE_DIM : lease_style(row, facts->now);
}

static void text_state(const void *row, const struct facts *facts, struct buf *out) {
	buf_puts(out, lease_word(row, facts->now));
}

static void text_value(const void *row, const struct facts *facts, struct buf *out) {
	(void)facts;
	lease_value(row, out);
}

static void text_holder(const void *row, const struct facts *facts, struct buf *out) {
	(void)facts;
	buf_puts(out, ((const struct lease *)row)->holder);
}

static void text_held(const void *row, const struct facts *facts, struct buf *out) {
	lease_held(row, facts->now, out);
}

static void text_expires(const void *row, const struct facts *facts, struct buf *out) {
	lease_expires(row, facts->now, out);
}

static void text_pool(const void *row, const struct facts *facts, struct buf *out) {
	(void)facts;
	buf_puts(out, ((const struct lease *)row)->pool);
}

static void text_project(const void *row, const struct facts *facts, struct buf *out) {
	const struct lease *lease = row;

	(void)facts;
	buf_puts(out, lease->project == NULL ? "" : lease->project);
}

static void text_labels(const void *row, const struct facts *facts, struct buf *out) {
	(void)facts;
	labels_text(((const struct lease *)row)->labels, out);
}

static const struct column columns[] = {
    {.title = "STATE", .width = 8, .most = 8, .text = text_state, .style = cell_style, .glyph = cell_glyph},
    {.title = "VALUE", .width = 12, .good = 15, .most = 24, .cut = SAFE_CUT_MIDDLE, .text = text_value},
    {.title = "HOLDER", .width = 10, .good = 18, .most = 32, .cut = SAFE_CUT_MIDDLE, .text = text_holder},
    {.title = "HELD", .width = 7, .most = 7, .drop = 4, .align = ALIGN_RIGHT, .text = text_held},
    {.title = "EXPIRES", .width = 10, .most = 10, .drop = 5, .text = text_expires, .style = end_style},
    {.title = "POOL",
	.width = 10,
	.good = 14,
	.most = 24,
	.drop = 3,
	.cut = SAFE_CUT_MIDDLE,
	.unscoped = true,
	.text = text_pool},
    {.title = "PROJECT", .width = 10, .most = 20, .drop = 1, .cut = SAFE_CUT_MIDDLE, .text = text_project},
    {.title = "LABELS", .width = 10, .most = 40, .drop = 2, .text = text_labels},
};

static const char *const sorts[] = {"newest", NULL};

static struct id row_id(const void *row) {
	return ((const struct lease *)row)->id;
}

static int64_t row_key(const void *row) {
	return ((const struct lease *)row)->seq;
}

static bool changed(const void *before, const void *after) {
	const struct lease *a = before;
	const struct lease *b = after;

	return a->generation != b->generation || a->state != b->state || a->until != b->until ||
	       strcmp(a->labels == NULL ? "" : a->labels, b->labels == NULL ? "" : b->labels) != 0;
}

/* Which way the window lies from its key: a page before it, and the rest from it on. */
static bool has_before(const struct question *q) {
	return q->jump == JUMP_NONE && q->key != 0 && !q->after;
}

static void ask(const struct question *q, struct batch *b) {
	struct lease_ask list = {
	    .pool = q->scope, .match = q->match, .invert = q->invert, .limit = 3 * q->page + 1};

	if (q->jump == JUMP_LAST) {
		list.backwards = true;
		list.after = -1; /* before the first */
	} else if (q->after) {
		list.after = q->key;
	} else if (has_before(q)) {
		list.after = q->key + 1;
	}
	(void)lease_list_add(b, &list);
	if (has_before(q)) {
		list.backwards = true;
		list.after = q->key;
		list.limit = q->page + 1;
		(void)lease_list_add(b, &list);
	}
}

/* Each part was asked for one row more than is shown: it tells whether there are more. */
static void read_answer(const struct question *q, const struct batch *b, struct answer *out) {
	size_t behind = batch_count(b, 0);
	size_t before = has_before(q) ? batch_count(b, 1) : 0;
	bool more_behind = behind > 3 * (size_t)q->page;
	bool more_before = before > (size_t)q->page;
	bool last = q->jump == JUMP_LAST;
	size_t n = 0;

	*out = (struct answer){.rows = mem_new(before + behind, sizeof *out->rows), .total = -1};
	for (size_t i = more_before ? 1 : 0; i < before; i++) {
		out->rows[n++] = batch_row(b, 1, i);
	}
	for (size_t i = last && more_behind ? 1 : 0; i < behind - (!last && more_behind ? 1 : 0); i++) {
		out->rows[n++] = batch_row(b, 0, i);
	}
	out->fill = (struct list_fill){.rows = out->rows,
	    .count = n,
	    .more_above = last ? more_behind : more_before,
	    .more_below = last ? false : more_behind,
	    .jump = q->jump};
}

static void detail(struct pen *p, const void *row, const struct facts *facts) {
	lease_detail(p, row, facts->now);
}

static void brief(struct pen *p, const void *row, const struct facts *facts) {
	lease_summary(p, row, facts->now);
}

static void alert(const void *row, const struct facts *facts, struct buf *out) {
	lease_alert(row, facts->now, out);
}

static void linear(const void *row, const struct facts *facts, struct buf *out) {
	lease_linear(row, facts->now, out);
}

static void command(const void *row, struct buf *out) {
	char id[ID_TEXT];

	buf_printf(out, "berth lease show %s", id_text(((const struct lease *)row)->id, id));
}

static const char *scope(const void *row) {
	return ((const struct lease *)row)->pool;
}

const struct view view_leases = {.name = "leases",
    .title = "Leases",
    .one = "lease",
    .kind = {.type = &row_lease, .id = row_id, .key = row_key, .changed = changed},
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .main = 1,
    .sorts = sorts,
    .descending = 1U << 0,
    .ask = ask,
    .read = read_answer,
    .detail = detail,
    .brief = brief,
    .alert = alert,
    .linear = linear,
    .command = command,
    .scope = scope};
