/*
 * The resources of pools, opened from a pool. A pool has few of them, so the answer is the whole list, of
 * which a window is kept.
 */
#include "ui/console/list/view.h"

#include <inttypes.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/mem.h"
#include "model/metadata.h"
#include "model/resource.h"
#include "model/syntax/unit.h"
#include "ui/console/screens/annotations.h"
#include "ui/console/widgets/detail.h"
#include "ui/text/humanize.h"
#include "ui/text/shapes.h"

static const struct badge *badge(const void *row, const struct context *context) {
	static const struct badge cordoned = {
	    "CORDON", GLYPH_OVER, STYLE_WARNING, "nothing new is allocated until it is uncordoned"};
	static const struct badge looks[] = {
	    [RESOURCE_ACTIVE] = {"ACTIVE", GLYPH_HELD, STYLE_NORMAL, "values can be allocated from it"},
	    [RESOURCE_RELEASED] = {"DRAIN", GLYPH_ENDING, STYLE_ACCENT,
		"nothing new is allocated; it ends with its last lease"},
	    [RESOURCE_DESTROYED] = {"GONE", GLYPH_UNUSED, STYLE_DIM, "ended"},
	    [RESOURCE_BROKEN] = {
		"BROKEN", GLYPH_FULL, STYLE_DANGER, "being drained, but one of its leases is broken"}};
	const struct resource *resource = row;

	(void)context;
	return resource->state == RESOURCE_ACTIVE && resource->cordoned ? &cordoned : &looks[resource->state];
}

static const struct view_column columns[] = {
    {NULL, "STATE", .width = 8, .most = 8, .badge = badge},
    {"name", "RESOURCE", .width = 14, .good = 24, .most = 44, .cut = SAFE_CUT_MIDDLE},
    {"pool", .width = 10, .good = 14, .most = 24, .drop = 1, .cut = SAFE_CUT_MIDDLE, .unscoped = true},
    {"used", .width = 6, .most = 6},
    {"held_back", "BACK", .width = 6, .most = 6, .drop = 2},
    {"free", .width = 6, .most = 6},
    {"capacity", .width = 6, .most = 6, .drop = 3},
};

static const char *const sorts[] = {
    "range", "state", "resource", "pool", "used", "held-back", "free", "size", NULL};
static const struct view_order orders[] = {{NULL}, {"STATE", .member = "state"},
    {"RESOURCE", .member = "name"}, {"POOL", .member = "pool"},
    {"USED", .descending = true, .member = "used"}, {"BACK", .descending = true, .member = "held_back"},
    {"FREE", .member = "free"}, {"SIZE", .descending = true, .member = "capacity"}};
static const char *const watched[] = {"generation", "used", NULL};

static void ask(const struct question *q, struct batch *b) {
	struct resource_ask list = {
	    .pool = scope_text(&q->scope, SCOPE_POOL), .filter = q->filter, .by_range = true};

	(void)resource_window_add(b, &list);
}

static void ask_more(const void *row, const struct scope *scope, struct batch *b) {
	(void)scope;
	(void)annotation_list_add(b, ((const struct resource *)row)->id);
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	const struct resource *resource = row;

	pen_foreign(p, STYLE_NORMAL, resource->name);
	pen_say(p, STYLE_NORMAL, " of ");
	pen_foreign(p, STYLE_NORMAL, resource->pool);
	pen_print(p, badge(row, context)->style, ": %s", badge(row, context)->meaning);
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	const struct resource *resource = row;

	pen_print(
	    p, badge(row, context)->style, "%s: %s", badge(row, context)->word, badge(row, context)->meaning);
	detail_count(p, "used", &resource->used);
	detail_count(p, "held back", &resource->held_back);
	detail_count(p, "free", &resource->free);
	detail_count(p, "size", &resource->capacity);
	if (resource->unit != NULL) {
		struct buf unit = {0};

		unit_words(resource->unit, &unit);
		detail_text(p, "gives", buf_text(&unit));
		buf_release(&unit);
	}
	detail_id(p, "resource", resource->id);
	pen_label(p, "version");
	pen_print(p, STYLE_NORMAL, "generation %" PRId64, resource->generation);
	detail_json(p, "labels", resource->labels);
	if (context->more != NULL) {
		annotations_draw(p, context->more, NULL);
	}
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	const struct resource *resource = row;

	buf_printf(out, "%s %s of %s: used ", badge(row, context)->word, resource->name, resource->pool);
	humanize_count(&resource->used, out);
	buf_puts(out, ", held back ");
	humanize_count(&resource->held_back, out);
	buf_puts(out, ", free ");
	humanize_count(&resource->free, out);
	buf_puts(out, " of ");
	humanize_count(&resource->capacity, out);
}

static void command(const void *row, struct buf *out) {
	char id[ID_TEXT];

	buf_printf(out, "berth resource show %s", id_text(((const struct resource *)row)->id, id));
}

static const char *subject(const void *row, struct subject *subject) {
	const struct resource *resource = row;

	if (resource->state != RESOURCE_ACTIVE && subject->act != PLAN_LABEL) {
		return "it is being drained already";
	}
	subject->target = (struct target){.kind = TARGET_RESOURCE, .id = resource->id};
	subject->what = mem_print("%s of %s", resource->name, resource->pool);
	if (subject->act == PLAN_CORDON || subject->act == PLAN_UNCORDON) {
		subject->act = resource->cordoned ? PLAN_UNCORDON : PLAN_CORDON;
		subject->generation = resource->generation;
	}
	return NULL;
}

static void ask_one(struct id id, const char *name, struct batch *b) {
	(void)name;
	(void)resource_show_add(b, id);
}

static void links(const void *row, const struct context *context, struct links *out) {
	const char *pool = ((const struct resource *)row)->pool;

	(void)context;
	links_add(out, "pool", jump_to("pool", (struct id){{0}}, pool));
	links_add(out, "leases", (struct jump){.view = &view_leases, .scope = scope_new(SCOPE_POOL, pool)});
}

static const enum action actions[] = {ACTION_DETAIL, ACTION_DRAIN, ACTION_CORDON, ACTION_LABEL, ACTION_FOLLOW,
    ACTION_MARK, ACTION_MARK_RANGE, ACTION_MARK_SHOWN, ACTION_NONE};

const struct view view_resources = {.name = "resources",
    .title = "Resources",
    .one = "resource",
    .actions = actions,
    .subject = subject,
    .nothing = "There are no resources here.",
    .fields = FILTER_RESOURCES,
    .inner = true,
    .kind = {.shape = &resource_shape, .changed = watched},
    .more_types = {&row_annotation},
    .ask_more = ask_more,
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .main = 1,
    .sorts = sorts,
    .orders = orders,
    .ask_one = ask_one,
    .links = links,
    .ask = ask,
    .read = rows_read,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command,
    .pool = "pool"};
