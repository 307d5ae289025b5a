#include "model/project.h"

#include <stdlib.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/base/mem.h"
#include "model/text/json.h"
#include "model/pool.h"
#include "model/syntax/selector.h"
#include "model/syntax/value.h"

const char *const project_sort_names[] = {"percent", "name", NULL};

static const struct rule create_rules[] = {
    {"project_name_key", ERR_ALREADY_EXISTS, "a project of this name exists"},
    {"project_pkey", ERR_INTERNAL, "the project's id is in use and is not remembered as a request"},
    {NULL, ERR_NONE, NULL},
};

/* Ids that nobody chose but us: that one is in use is a defect of ours. */
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

static struct arg limit_arg(int64_t limit) {
	return limit == NO_LIMIT ? arg_null(FIELD_INT) : arg_int(limit);
}

static void ranges_put(struct json *j, const struct range *ranges, size_t count) {
	struct buf text = {0};

	ranges_json(ranges, count, &text);
	json_put_raw(j, buf_text(&text));
	buf_release(&text);
}

/* All of a request, from which the server knows whether it is the same one again. */
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

/* Adds a step whose name is made of two words. */
static size_t named_add(struct batch *b, const char *what, const char *name, enum query query,
    const struct arg *args, size_t count, const struct rule *rules) {
	char *step = mem_print("%s %s", what, name);
	size_t index = batch_add(b, step, query, args, count, rules);

	free(step);
	return index;
}

static void itself_add(struct batch *b, const struct project_new *project, const char *detail) {
	struct buf content = {0};

	content_json(project, &content);
	const struct arg args[] = {
	    arg_id(project->id),
	    arg_text(project->name),
	    limit_arg(project->max_leases),
	    arg_json(buf_text(&content)),
	    arg_json(detail),
	};
	named_add(b, "project", project->name, QUERY_PROJECT_CREATE, args, sizeof args / sizeof *args,
	    project->generated ? generated_rules : create_rules);
	buf_release(&content);
}

static void range_add(struct batch *b, const struct project_new *project, const struct project_pool *pool,
    const struct range *range, struct id id, const char *detail) {
	struct buf ranges = {0};
	struct buf name = {0};

	ranges_json(range, 1, &ranges);
	range_text(range, &name);
	const struct arg args[] = {
	    arg_id(project->id),
	    arg_id(id),
	    arg_text(pool->name),
	    arg_text(kind_names[pool->kind]),
	    arg_json(buf_text(&ranges)),
	    arg_json(detail),
	};
	named_add(
	    b, "range", buf_text(&name), QUERY_PROJECT_RANGE, args, sizeof args / sizeof *args, part_rules);
	buf_release(&ranges);
	buf_release(&name);
}

/* `part` is the number of parts so far, from which the ids of these are made. */
static void pool_add(struct batch *b, const struct project_new *project, const struct project_pool *pool,
    uint64_t *part, const char *detail) {
	const struct arg args[] = {
	    arg_id(project->id),
	    arg_id(id_derive(project->id, ++*part)),
	    arg_text(pool->name),
	    arg_text(kind_names[pool->kind]),
	    arg_text(project->space),
	    arg_text(project->name),
	    arg_int(project->warn),
	    arg_int(project->crit),
	    arg_json(detail),
	};

	named_add(b, "pool", pool->name, QUERY_PROJECT_POOL, args, sizeof args / sizeof *args, part_rules);
	for (size_t i = 0; i < pool->count; i++) {
		range_add(b, project, pool, &pool->ranges[i], id_derive(project->id, ++*part), detail);
	}
}

static void labels_add(struct batch *b, const struct project_new *project, struct id id, const char *detail) {
	struct buf target = {0};
	struct json j = {.out = &target};

	json_open_object(&j);
	json_put_key(&j, "kind");
	json_put_text(&j, "project");
	json_put_key(&j, "id");
	json_put_id(&j, project->id);
	json_close_object(&j);
	const struct arg args[] = {arg_id(project->id), arg_id(id), arg_json(buf_text(&target)),
	    arg_json(project->labels), arg_json(detail)};
	batch_add(b, "labels", QUERY_PROJECT_LABELS, args, sizeof args / sizeof *args, part_rules);
	buf_release(&target);
}

size_t project_create_add(struct batch *b, const struct project_new *project, const char *detail) {
	const struct arg id[] = {arg_id(project->id)};
	uint64_t part = 0;

	itself_add(b, project, detail);
	batch_add(b, "organization limit", QUERY_PROJECT_COUNT, id, 1, NULL);
	for (size_t i = 0; i < project->count; i++) {
		pool_add(b, project, &project->pools[i], &part, detail);
	}
	if (project->labels != NULL) {
		labels_add(b, project, id_derive(project->id, ++part), detail);
	}
	return batch_add(b, "answer", QUERY_PROJECT_MADE, id, 1, NULL);
}

static size_t mutation_add(struct batch *b, enum query query, struct id id, const char *name, int64_t limit,
    const char *detail, const struct rule *rules) {
	const struct arg args[] = {arg_id(id), arg_text(name), limit_arg(limit), arg_json(detail)};

	return batch_add(b, NULL, query, args, sizeof args / sizeof *args, rules);
}

size_t project_limit_add(
    struct batch *b, struct id id, const char *name, int64_t max_leases, const char *detail) {
	return mutation_add(b, QUERY_PROJECT_LIMIT, id, name, max_leases, detail, NULL);
}

size_t org_create_add(
    struct batch *b, struct id id, const char *name, int64_t max_projects, const char *detail) {
	return mutation_add(b, QUERY_ORG_CREATE, id, name, max_projects, detail, org_rules);
}

size_t org_limit_add(
    struct batch *b, struct id id, const char *name, int64_t max_projects, const char *detail) {
	return mutation_add(b, QUERY_ORG_LIMIT, id, name, max_projects, detail, NULL);
}

size_t project_list_add(struct batch *b, const struct project_ask *ask) {
	struct buf selector = {0};
	const struct arg args[] = {arg_text(ask->organization), arg_word(ask->match), arg_bool(ask->invert),
	    arg_json(selector_text(ask->selector, &selector))};
	size_t step = batch_add(b, NULL, QUERY_PROJECT_LIST, args, sizeof args / sizeof *args, NULL);

	buf_release(&selector);
	return step;
}

size_t project_page_add(struct batch *b, const struct project_ask *ask) {
	struct buf selector = {0};
	const struct arg args[] = {arg_word(ask->match), arg_bool(ask->invert),
	    arg_json(selector_text(ask->selector, &selector)), arg_text(project_sort_names[ask->sort]),
	    arg_int(ask->offset), arg_int(ask->limit), arg_int(PROJECT_COUNTED + 1)};
	size_t step = batch_add(b, NULL, QUERY_PROJECT_PAGE, args, sizeof args / sizeof *args, NULL);

	buf_release(&selector);
	return step;
}

size_t project_total_add(struct batch *b, const struct project_ask *ask) {
	struct buf selector = {0};
	const struct arg args[] = {
	    arg_word(ask->match), arg_bool(ask->invert), arg_json(selector_text(ask->selector, &selector))};
	size_t step = batch_add(b, NULL, QUERY_PROJECT_TOTAL, args, sizeof args / sizeof *args, NULL);

	buf_release(&selector);
	return step;
}

size_t org_list_add(struct batch *b, const struct project_ask *ask) {
	struct buf selector = {0};
	const struct arg args[] = {
	    arg_word(ask->match), arg_bool(ask->invert), arg_json(selector_text(ask->selector, &selector))};
	size_t step = batch_add(b, NULL, QUERY_ORG_LIST, args, sizeof args / sizeof *args, NULL);

	buf_release(&selector);
	return step;
}

size_t org_near_add(struct batch *b, int64_t limit) {
	const struct arg args[] = {arg_int(limit)};

	return batch_add(b, NULL, QUERY_ORG_NEAR, args, 1, NULL);
}

static size_t show_add(struct batch *b, enum query query, const char *name) {
	const struct arg args[] = {arg_text(name)};

	return batch_add(b, NULL, query, args, 1, NULL);
}

size_t project_show_add(struct batch *b, const char *name) {
	return show_add(b, QUERY_PROJECT_SHOW, name);
}

size_t org_show_add(struct batch *b, const char *name) {
	return show_add(b, QUERY_ORG_SHOW, name);
}
