#include "model/project.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "db/base/num.h"
#include "db/batch/batch.h"
#include "gen/queries.h"
#include "model/text/json.h"
#include "model/pool.h"
#include "model/order.h"
#include "model/syntax/filter.h"
#include "model/syntax/selector.h"
#include "model/syntax/range.h"

const char *const project_sort_names[] = {
    "percent", "name", "state", "leases", "limit", "pools", "labels", NULL};

bool limit_parse(const char *text, int64_t *limit) {
	if (strcmp(text, "none") == 0) {
		*limit = NO_LIMIT;
		return true;
	}
	return int_parse(text, 0, INT64_MAX, limit);
}

static const struct rule create_rules[] = {
    {"project_name_key", ERR_ALREADY_EXISTS, "a project of this name exists"},
    {"project_pkey", ERR_INTERNAL, "the project's id is in use and is not remembered as a request"},
    {NULL, ERR_NONE, NULL},
};

/* Berth chose the id: if it is in use, that is a defect of berth. */
static const struct rule generated_rules[] = {
    {"project_name_key", ERR_ALREADY_EXISTS, "a project of this name exists"},
    {"project_pkey", ERR_INTERNAL, "the project's id is in use and is not remembered as a request"},
    {"id_conflict", ERR_INTERNAL, NULL},
    {NULL, ERR_NONE, NULL},
};
static const struct rule part_rules[] = {
    {"pool_name_key", ERR_ALREADY_EXISTS, "a pool of this name exists"},
    {"pool_pkey", ERR_INTERNAL, "the pool's id is in use and is not remembered as a request"},
    {"id_conflict", ERR_INTERNAL, NULL},
    {NULL, ERR_NONE, NULL},
};

static const struct rule org_rules[] = {
    {"organization_name_key", ERR_ALREADY_EXISTS, "an organization of this name exists"},
    {"organization_pkey", ERR_INTERNAL, "the organization's id is in use and is not remembered as a request"},
    {NULL, ERR_NONE, NULL},
};

/* Returns the limit as the server takes it: NULL for none. */
static const int64_t *limit_of(const int64_t *limit) {
	return *limit == NO_LIMIT ? NULL : limit;
}

static void ranges_put(struct json *j, const struct range *ranges, size_t count) {
	struct buf text = {0};

	ranges_json(ranges, count, &text);
	json_put_raw(j, buf_text(&text));
	buf_release(&text);
}

/* Writes the whole request, by which the server recognizes a repeated one. */
static void content_json(const struct project_new *project, struct buf *out) {
	struct json j = {.out = out};

	json_open_object(&j);
	json_put_key(&j, "max_leases");
	json_put_int(&j, project->max_leases);
	json_put_key(&j, "space");
	json_put_text(&j, project->space);
	json_put_key(&j, "pools");
	json_open_array(&j);
	for (size_t i = 0; i < project->count; i++) {
		json_open_object(&j);
		json_put_key(&j, "name");
		json_put_text(&j, project->pools[i].name);
		json_put_key(&j, "ranges");
		ranges_put(&j, project->pools[i].ranges, project->pools[i].count);
		json_close_object(&j);
	}
	json_close_array(&j);
	json_put_key(&j, "labels");
	json_put_raw(&j, project->labels);
	json_close_object(&j);
}

/* Names a step with two words, and gives it rules. */
static void name_step(
    struct batch *b, size_t step, const char *what, const char *name, const struct rule *rules) {
	char *words = mem_print("%s %s", what, name);

	batch_rules(b, batch_name(b, step, words), rules);
	free(words);
}

static void itself_add(struct batch *b, const struct project_new *project, const char *detail) {
	struct buf content = {0};
	size_t step;

	content_json(project, &content);
	step = query_project_create_add(
	    b, project->id, project->name, limit_of(&project->max_leases), buf_text(&content), detail);
	name_step(b, step, "project", project->name, project->generated ? generated_rules : create_rules);
	buf_release(&content);
}

static void range_add(struct batch *b, const struct project_new *project, const struct project_pool *pool,
    const struct range *range, struct id id, const char *detail) {
	struct buf ranges = {0};
	struct buf name = {0};
	size_t step;

	ranges_json(range, 1, &ranges);
	range_text(range, &name);
	step = query_project_range_add(b, project->id, id, pool->name, pool->kind, buf_text(&ranges), detail);
	name_step(b, step, "range", buf_text(&name), part_rules);
	buf_release(&ranges);
	buf_release(&name);
}

/* Adds a pool and its ranges. `part` is the number of parts so far, from which their ids are derived. */
static void pool_add(struct batch *b, const struct project_new *project, const struct project_pool *pool,
    uint64_t *part, const char *detail) {
	size_t step = query_project_pool_add(b, project->id, id_derive(project->id, ++*part), pool->name,
	    pool->kind, project->space, project->name, project->warn, project->crit, detail);

	name_step(b, step, "pool", pool->name, part_rules);
	for (size_t i = 0; i < pool->count; i++) {
		range_add(b, project, pool, &pool->ranges[i], id_derive(project->id, ++*part), detail);
	}
}

static void labels_add(struct batch *b, const struct project_new *project, struct id id, const char *detail) {
	struct buf target = {0};
	struct json j = {.out = &target};
	size_t step;

	json_open_object(&j);
	json_put_key(&j, "kind");
	json_put_text(&j, "project");
	json_put_key(&j, "id");
	json_put_id(&j, project->id);
	json_close_object(&j);
	step = query_project_labels_add(b, project->id, id, buf_text(&target), project->labels, detail);
	batch_rules(b, batch_name(b, step, "labels"), part_rules);
	buf_release(&target);
}

size_t project_create_add(struct batch *b, const struct project_new *project, const char *detail) {
	uint64_t part = 0;

	itself_add(b, project, detail);
	batch_name(b, query_project_count_add(b, project->id), "organization limit");
	for (size_t i = 0; i < project->count; i++) {
		pool_add(b, project, &project->pools[i], &part, detail);
	}
	if (project->labels != NULL) {
		labels_add(b, project, id_derive(project->id, ++part), detail);
	}
	return batch_name(b, query_project_made_add(b, project->id), "answer");
}

size_t project_limit_add(
    struct batch *b, struct id id, const char *name, int64_t max_leases, const char *detail) {
	return query_project_limit_add(b, id, name, limit_of(&max_leases), detail);
}

size_t org_create_add(
    struct batch *b, struct id id, const char *name, int64_t max_projects, const char *detail) {
	return batch_rules(b, query_org_create_add(b, id, name, limit_of(&max_projects), detail), org_rules);
}

size_t org_limit_add(
    struct batch *b, struct id id, const char *name, int64_t max_projects, const char *detail) {
	return query_org_limit_add(b, id, name, limit_of(&max_projects), detail);
}

size_t project_list_add(struct batch *b, const struct project_ask *ask) {
	struct buf selector = {0};
	size_t step = query_project_list_add(b, ask->organization, ask->match, ask->invert,
	    selector_text(ask->selector, &selector), row_filter_text(ask->filter));

	buf_release(&selector);
	return step;
}

size_t project_page_add(struct batch *b, const struct project_ask *ask) {
	struct buf selector = {0};
	struct buf order = {0};
	size_t step;

	order_text(ask->order, project_sort_names[ask->sort], ask->offset, ask->limit, &order);
	step = query_project_page_add(b, ask->match, ask->invert, selector_text(ask->selector, &selector),
	    row_filter_text(ask->filter), PROJECT_COUNTED + 1, buf_text(&order));
	buf_release(&order);
	buf_release(&selector);
	return step;
}

size_t org_list_add(struct batch *b, const struct project_ask *ask) {
	struct buf selector = {0};
	size_t step = query_org_list_add(b, ask->match, ask->invert, selector_text(ask->selector, &selector));

	buf_release(&selector);
	return step;
}

size_t org_near_add(struct batch *b, int64_t limit) {
	return query_org_near_add(b, limit);
}

size_t project_show_add(struct batch *b, const char *name) {
	return query_project_show_add(b, name);
}

size_t org_show_add(struct batch *b, const char *name) {
	return query_org_show_add(b, name);
}
