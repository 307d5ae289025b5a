/*
 * Screen 6: projects, the closest to their limit of leases first; above them the organizations, the closest
 * to their limit of projects first.
 */
#include "ui/console/list/view.h"

#include <jansson.h>
#include <string.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/clock.h"
#include "model/metadata.h"
#include "model/project.h"
#include "model/queue.h"
#include "ui/console/widgets/gauge.h"
#include "ui/console/screens/annotations.h"
#include "ui/console/screens/project_header.h"
#include "ui/console/screens/project_badge.h"
#include "ui/console/screens/timeline.h"
#include "db/base/mem.h"
#include "ui/text/plain_json.h"
#include "ui/console/widgets/form.h"
#include "ui/text/shapes.h"

#define ORGS 50   /* most organizations above the list */
#define NEWEST 50 /* most events, and commands, beside a project */

/* The row sets of a row. */
enum { MORE_EVENTS, MORE_COMMANDS, MORE_ORG, MORE_ANNOTATIONS, MORE_ORG_ANNOTATIONS };

static const struct badge *badge(const void *row, const struct context *context) {
	(void)context;
	return project_badge(row);
}

/* Returns the plain style, unless nothing more can be taken: then the whole row is highlighted. */
static enum style name_style(const void *row, const struct context *context) {
	enum style style = badge(row, context)->style;

	return style == STYLE_DANGER || style == STYLE_DIM ? style : STYLE_NORMAL;
}

static void text_name(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	project_name(row, out);
}

static void text_limit(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	project_limit(row, out);
}

static void text_used(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	project_used(row, out);
}

static void draw_gauge(
    struct grid *g, int row, int column, int end, const void *data, const struct context *context) {
	struct gauge gauge;

	(void)context;
	if (project_gauge(data, &gauge)) {
		gauge_draw(g, row, column, end, &gauge);
	}
}

/* Appends the count, if exact: without a limit, a page counts only up to PROJECT_COUNTED. */
static void exact_leases(const void *row, struct buf *out) {
	const struct project *project = row;

	if (project->max_leases != NO_LIMIT || project->leases <= PROJECT_COUNTED) {
		buf_printf(out, "%lld", (long long)project->leases);
	}
}

static void show_leases(const void *row, struct buf *out) {
	project_leases(row, out);
}

static const struct column page_columns[] = {
    {"leases", "LEASES", .text = exact_leases, .show = show_leases, .kind = COLUMN_RAW, .right = true}, {0}};
static const struct shape page_shape = {&row_project, page_columns, &project_shape};

static const struct view_column columns[] = {
    {NULL, "STATE", .width = 8, .most = 8, .badge = badge},
    {NULL, "PROJECT", .width = 12, .good = 20, .most = 40, .cut = SAFE_CUT_MIDDLE, .text = text_name,
	.style = name_style},
    {"leases", .width = 6, .most = 6, .style = name_style},
    {NULL, "LIMIT", .width = 8, .most = 8, .drop = 5, .right = true, .text = text_limit, .style = name_style},
    {NULL, "USED", .width = 4, .most = 4, .right = true, .text = text_used, .badge = badge},
    {NULL, "", .width = 6, .good = 14, .most = 36, .drop = 6, .draw = draw_gauge, .scale = gauge_scale},
    {"pools", .width = 8, .most = 30, .drop = 2},
    {"labels", .width = 10, .most = 30, .drop = 1},
};

static const char *const watched[] = {"leases", "max_leases", "state", "generation", "pools", "labels", NULL};

static const struct view_order orders[] = {[PROJECT_BY_PERCENT] = {"USED", .descending = true},
    [PROJECT_BY_NAME] = {"PROJECT"},
    [PROJECT_BY_STATE] = {"STATE"},
    [PROJECT_BY_LEASES] = {"LEASES", .descending = true},
    [PROJECT_BY_LIMIT] = {"LIMIT", .descending = true},
    [PROJECT_BY_POOLS] = {"POOLS"},
    [PROJECT_BY_LABELS] = {"LABELS"}};

static void read_answer(const struct question *q, const struct batch *b, struct answer *out) {
	sorted_read(q, 0, b, out);
}

static void ask(const struct question *q, struct batch *b) {
	struct ordering ordering;
	struct project_ask list = {.filter = q->filter,
	    .sort = (enum project_sort)q->sort,
	    .order = &ordering.order,
	    .offset = offset_start(q),
	    .limit = sorted_limit(q, 0)};

	ordering_init(&ordering, q, NULL);
	(void)project_page_add(b, &list);
	(void)sorted_report_add(b);
	ordering_release(&ordering);
}

static void ask_more(const void *row, const struct scope *scope, struct batch *b) {
	const struct project *project = row;
	struct event_ask events = {
	    .kind = "project", .target = project->id, .since = TIME_NONE, .newest = true, .limit = NEWEST};
	struct queue_ask commands = {
	    .states = QUEUE_ALL, .kind = "project", .target_id = project->id, .limit = NEWEST};

	(void)scope;
	(void)event_list_add(b, &events);
	(void)queue_list_add(b, &commands);
	(void)org_show_add(b, project->organization);
	(void)annotation_list_add(b, project->id);
	(void)annotation_list_of_org_add(b, project->organization);
}

static void ask_head(struct batch *b) {
	(void)org_near_add(b, ORGS);
}

static void head(struct pen *p, const struct context *context) {
	project_head(p, &context->head[0], context->head[0].count < ORGS);
}

/* Returns its organization: from its own row set, or from those above the list. */
static const struct org *org_of(const struct project *project, const struct context *context) {
	const struct rowset *orgs = context->head;

	if (context->more != NULL && context->more[MORE_ORG].count > 0) {
		return context->more[MORE_ORG].rows[0];
	}
	for (size_t i = 0; orgs != NULL && i < orgs->count; i++) {
		const struct org *org = orgs->rows[i];

		if (strcmp(org->name, project->organization) == 0) {
			return org;
		}
	}
	return NULL;
}

static void detail(struct pen *p, const void *row, const struct context *context) {
	static const struct rowset nothing = {0};
	const struct project *project = row;
	const struct rowset *more = context->more;

	project_detail(p, project, org_of(project, context));
	if (more != NULL) {
		annotations_draw(p, &more[MORE_ANNOTATIONS], NULL);
		annotations_draw(p, &more[MORE_ORG_ANNOTATIONS], project->organization);
		timeline_draw(p, &more[MORE_EVENTS], &more[MORE_COMMANDS], &nothing, context->now);
	}
}

static void brief(struct pen *p, const void *row, const struct context *context) {
	(void)context;
	project_summary(p, row);
}

static void linear(const void *row, const struct context *context, struct buf *out) {
	(void)context;
	project_linear(row, out);
}

static void command(const void *row, struct buf *out) {
	buf_puts(out, "berth project show ");
	project_name(row, out);
}

/* Opens its leases. */
static const char *open_row(const void *row, struct jump *jump) {
	struct buf name = {0};

	project_name(row, &name);
	*jump = (struct jump){.view = &view_leases, .scope = scope_new(SCOPE_PROJECT, buf_text(&name))};
	buf_release(&name);
	return NULL;
}

/* Returns the note with the names of its pools. A closed project may be deleted again, which repairs a failed
 * deletion. */
static char *deletion_note(const struct project *project) {
	bool closed = project->state != PROJECT_ACTIVE;
	struct buf pools = {0};
	char *note;

	plain_json(project->pools, &pools);
	note = mem_print("%s%s%s",
	    closed ? "it is closed already, by a deletion that is in progress or has failed; once its leases "
		     "have ended its name is free, and its labels and pools are gone"
		   : "",
	    pools.len == 0 ? "" : ": ", buf_text(&pools));
	buf_release(&pools);
	return note;
}

static const char *subject(const void *row, struct subject *subject) {
	const struct project *project = row;
	struct buf name = {0};

	project_name(project, &name);
	subject->target = target_seen(TARGET_PROJECT, buf_text(&name), project->id);
	subject->target.whole = true;
	subject->generation = project->generation;
	subject->what = buf_take(&name);
	subject->note = deletion_note(project);
	subject->adds = project->state == PROJECT_ACTIVE;
	return NULL;
}

static void form(const void *row, int type, struct buf *out) {
	const struct project *project = row;

	if (type == FORM_LIMIT) {
		project_name(project, out);
	} else if (type != FORM_ORG) {
		buf_printf(out, "%s%s", project->organization, type == FORM_PROJECT ? "/" : "");
	}
}

static void ask_one(struct id id, const char *name, struct batch *b) {
	(void)id;
	(void)project_show_add(b, name);
}

/* Names its leases, and the pools that give to it alone. */
static void links(const void *row, const struct context *context, struct links *out) {
	const struct project *project = row;
	json_t *pools = json_loads(project->pools, 0, NULL);
	struct jump leases = {0};

	(void)context;
	(void)open_row(row, &leases);
	links_add(out, "leases", leases);
	for (size_t i = 0; i < json_array_size(pools); i++) {
		links_add(out, "pool",
		    jump_to("pool", (struct id){{0}}, json_string_value(json_array_get(pools, i))));
	}
	json_decref(pools);
}

static const enum action actions[] = {ACTION_PROJECT_LEASES, ACTION_NEW_PROJECT, ACTION_NEW_ORG, ACTION_LIMIT,
    ACTION_ORG_LIMIT, ACTION_DELETE, ACTION_FOLLOW, ACTION_NONE};

/* Without `pool`: a project may have several pools, or none. */
const struct view view_projects = {.name = "projects",
    .title = "Projects",
    .one = "project",
    .plural = "projects",
    .actions = actions,
    .open = open_row,
    .subject = subject,
    .form = form,
    .nothing = "There are no projects yet. In write mode O creates an organization, a creates a project.",
    .fields = FILTER_PROJECTS,
    .kind = {.shape = &page_shape, .changed = watched},
    .more_types = {[MORE_EVENTS] = &row_event,
	[MORE_COMMANDS] = &row_command,
	[MORE_ORG] = &row_org,
	[MORE_ANNOTATIONS] = &row_annotation,
	[MORE_ORG_ANNOTATIONS] = &row_annotation},
    .head_types = {&row_org},
    .ask_more = ask_more,
    .ask_head = ask_head,
    .head = head,
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .main = 1,
    .sorts = project_sort_names,
    .orders = orders,
    .ask_one = ask_one,
    .links = links,
    .ask = ask,
    .read = read_answer,
    .detail = detail,
    .brief = brief,
    .linear = linear,
    .command = command};
