/*
 * Organizations and their projects: tenants, and the limits of both.
 *
 * A project comes into being with its pools, their ranges and its labels, or not
 * at all: project_create_add() adds a step for each part, so that the error of a
 * batch tells which part failed.  The ids of the parts are derived from the
 * project's, and made again under the same id the parts do nothing.
 *
 * Every function adds steps to a batch and returns the index of the one whose
 * answer is read with batch_row() once the batch has run.  To delete a project
 * is a command: QUEUE_DELETE of model/queue.h.
 */
#ifndef MODEL_PROJECT_H
#define MODEL_PROJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "db/batch/rows.h"

struct batch;
struct range;
struct selector;

#define NO_LIMIT INT64_C(-1)

struct project_pool {
	const char *name;
	enum kind kind;
	const struct range *ranges; /* all of that kind */
	size_t count;
};

struct project_new {
	struct id id;
	bool generated;   /* the id is ours: that it is in use already is nobody's fault but ours */
	const char *name; /* "org/name" */
	int64_t max_leases;
	const char *space; /* of all its pools */
	const struct project_pool *pools;
	size_t count;
	int64_t warn; /* of the pools, percent */
	int64_t crit;
	const char *labels; /* a JSON object of texts, or NULL */
};

/* By how much of its limit is used, the fullest first, those without a limit last; or by name. */
enum project_sort { PROJECT_BY_PERCENT, PROJECT_BY_NAME };

/* "percent", "name", ended by NULL. */
extern const char *const project_sort_names[];

/* A page counts the leases of a project without a limit up to here: one more means that there are more. */
#define PROJECT_COUNTED INT64_C(10000)

/* What to list. Zero means everything. */
struct project_ask {
	const char *organization; /* its name, or NULL for all */
	const char
	    *match; /* part of "org/name" in any case, or of an organization's name; NULL or "" for all */
	bool invert;
	const struct selector *selector; /* of their labels, or NULL */
	enum project_sort sort; /* this and what follows: of a page, which is not of one organization */
	int64_t offset;
	int64_t limit;
};

/* Its steps: "project NAME", "organization limit", "pool NAME" and "range RANGE" of each, "labels", "answer".
 */
size_t project_create_add(
    struct batch *b, const struct project_new *project, const char *detail); /* one struct project */
size_t project_limit_add(struct batch *b, struct id id, const char *name, int64_t max_leases,
    const char *detail);                                                 /* one struct project */
size_t project_list_add(struct batch *b, const struct project_ask *ask); /* many struct project */
size_t project_page_add(struct batch *b, const struct project_ask *ask); /* many struct project */
size_t project_total_add(
    struct batch *b, const struct project_ask *ask);        /* one struct total: how many there are */
size_t project_show_add(struct batch *b, const char *name); /* at most one struct project */

size_t org_create_add(struct batch *b, struct id id, const char *name, int64_t max_projects,
    const char *detail); /* one struct org */
size_t org_limit_add(struct batch *b, struct id id, const char *name, int64_t max_projects,
    const char *detail);                                             /* one struct org */
size_t org_list_add(struct batch *b, const struct project_ask *ask); /* many struct org */
size_t org_near_add(struct batch *b, int64_t limit);                 /* many struct org, the fullest first */
size_t org_show_add(struct batch *b, const char *name);              /* at most one struct org */

#endif
