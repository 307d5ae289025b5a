/*
 * Organizations and their projects, with their limits.
 *
 * A project is made together with its pools, their ranges and its labels, or not at
 * all: project_create_add() adds a step for each part, so that the error of a batch
 * names the part that failed.  The ids of the parts are derived from the project's;
 * when the request is repeated its parts do nothing.
 *
 * Every function adds steps to a batch and returns the index of the one whose
 * answer is read with batch_row() once the batch has run.  A project is deleted by
 * a command: QUEUE_DELETE of model/queue.h.
 */
#ifndef MODEL_PROJECT_H
#define MODEL_PROJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "db/batch/rows.h"

struct batch;
struct order;
struct range;
struct selector;

#define NO_LIMIT INT64_C(-1)

/* Reads a whole number from 0 on, or "none" as NO_LIMIT; returns false for anything else. */
bool limit_parse(const char *text, int64_t *limit) __attribute__((warn_unused_result));

struct project_pool {
	const char *name;
	enum kind kind;
	const struct range *ranges; /* all of that kind */
	size_t count;
};

struct project_new {
	struct id id;
	bool generated;   /* berth chose the id: if it is in use already, that is a defect of berth */
	const char *name; /* "org/name" */
	int64_t max_leases;
	const char *space; /* of all its pools */
	const struct project_pool *pools;
	size_t count;
	int64_t warn; /* of the pools, percent */
	int64_t crit;
	const char *labels; /* a JSON object of texts, or NULL */
};

/* By the used part of the limit, the fullest first and those without a limit last; or by name. */
enum project_sort {
	PROJECT_BY_PERCENT,
	PROJECT_BY_NAME,
	PROJECT_BY_STATE,
	PROJECT_BY_LEASES,
	PROJECT_BY_LIMIT,
	PROJECT_BY_POOLS,
	PROJECT_BY_LABELS
};

/* "percent", "name", "state", "leases", "limit", "pools", "labels", ended by NULL. */
extern const char *const project_sort_names[];

/* A page counts the leases of a project without a limit up to this number; one more means that there are
 * more. */
#define PROJECT_COUNTED INT64_C(10000)

/* A list of projects or organizations. Zero means all. */
struct project_ask {
	const char *organization; /* its name, or NULL for all */
	const char *match; /* part of "org/name", or of an organization's name, in any case; NULL or "" for
			    * all */
	bool invert;       /* those that match or selector does not match */
	const struct selector *selector; /* by labels, or NULL */
	const struct row_filter *filter; /* of FILTER_PROJECTS, or NULL; not of organizations */
	enum project_sort sort;          /* only of a page, as the three below */
	const struct order *order;       /* NULL: in its direction, from the offset */
	int64_t offset;
	int64_t limit;
};

/* Its steps are "project NAME", "organization limit", "pool NAME" and "range RANGE" of each, "labels",
 * "answer". */
size_t project_create_add(
    struct batch *b, const struct project_new *project, const char *detail); /* one struct project */
size_t project_limit_add(struct batch *b, struct id id, const char *name, int64_t max_leases,
    const char *detail);                                                 /* one struct project */
size_t project_list_add(struct batch *b, const struct project_ask *ask); /* many struct project */
size_t project_page_add(struct batch *b, const struct project_ask *ask); /* many struct project */
size_t project_show_add(struct batch *b, const char *name);              /* at most one struct project */

size_t org_create_add(struct batch *b, struct id id, const char *name, int64_t max_projects,
    const char *detail); /* one struct org */
size_t org_limit_add(struct batch *b, struct id id, const char *name, int64_t max_projects,
    const char *detail);                                             /* one struct org */
size_t org_list_add(struct batch *b, const struct project_ask *ask); /* many struct org */
size_t org_near_add(struct batch *b, int64_t limit);                 /* many struct org, the fullest first */
size_t org_show_add(struct batch *b, const char *name);              /* at most one struct org */

#endif
