/*
 * Pools: named sets of resources of one kind.
 *
 * Every function adds one step to a batch and returns its index; the answer is
 * read with batch_row() once the batch has run.  The callers' parsers check first what
 * can be checked without the server (model/syntax/value.h, model/syntax/name.h).
 */
#ifndef MODEL_POOL_H
#define MODEL_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "db/batch/rows.h"

struct batch;
struct buf;
struct exclusions;
struct order;
struct range;
struct row_filter;
struct selector;

enum pool_sort {
	POOL_BY_NAME,
	POOL_BY_FREE,
	POOL_BY_PERCENT,
	POOL_BY_RUNS_OUT,
	POOL_BY_KIND,
	POOL_BY_SPACE,
	POOL_BY_STATE,
	POOL_BY_WAITING,
	POOL_BY_SIZE,
	POOL_BY_GROWTH
};

/* "name", "free", "percent", "runs-out", "kind", "space", "state", "waiting", "size", "growth", ended by
 * NULL. */
extern const char *const pool_sort_names[];

/* A list of pools. Zero means all, by name, from the start. */
struct pool_ask {
	const struct row_filter *filter; /* of FILTER_POOLS, or NULL */
	bool by_status;
	enum pool_status status;
	enum pool_sort sort;
	const struct order *order;       /* NULL: in its direction, from the offset */
	const struct selector *selector; /* by labels, or NULL */
	int64_t offset;
	int64_t limit; /* 0 for none */
};

#define POOL_HISTORY 84 /* steps of two hours in a week */

/* The default thresholds, in percent. */
enum { POOL_WARN = 80, POOL_CRIT = 90 };

struct pool_new {
	struct id id;
	const char *name;
	enum kind kind;
	const char *space;
	const char *project; /* "org/name" of the one project that it gives to, or NULL */
	int64_t warn;        /* percent */
	int64_t crit;
	int64_t ttl;         /* microseconds, 0 for none */
	int64_t reuse_delay; /* microseconds */
	const char *activate_hook;
	const char *release_hook;
	const struct range *ranges;
	size_t count;
	const struct exclusions *exclude; /* values of the ranges, or NULL */
	const char *unit;                 /* "/64" or "64": it gives such blocks; NULL: values */
};

size_t pool_list_add(struct batch *b, const struct pool_ask *ask); /* many struct pool */
size_t pool_show_add(struct batch *b, const char *name);           /* at most one struct pool */
size_t pool_history_add(struct batch *b, const char *name);        /* at most POOL_HISTORY struct pool_use */
size_t pool_free_add(
    struct batch *b, const char *name, int64_t limit); /* many struct free_range; limit 0 for all */

/* Changes of a pool take effect at once. `id` is the request's own: a second request with the same id is
 * answered and not repeated. `detail` is a JSON object for the record: who, from where, why. */
size_t pool_create_add(
    struct batch *b, const struct pool_new *pool, const char *detail); /* one struct pool */
size_t pool_add_add(struct batch *b, struct id id, const char *name, const struct range *ranges, size_t count,
    const struct exclusions *exclude,
    const char *detail); /* many struct resource, in the order of the ranges; exclude can be NULL */
size_t pool_remove_add(struct batch *b, struct id id, const char *name, const struct range *range,
    const char *detail); /* many struct resource: what is left of each resource that it was taken from */
size_t pool_delete_add(
    struct batch *b, struct id id, const char *name, const char *detail); /* one struct pool */

/* Changes settings for what happens from then on; what is NULL stays as it is. */
struct pool_settings {
	const int64_t *warn; /* percent */
	const int64_t *crit;
	const int64_t *ttl; /* microseconds, 0 for none */
	const int64_t *reuse_delay;
	const char *activate_hook; /* "" for none */
	const char *release_hook;
};
size_t pool_set_add(struct batch *b, struct id id, const char *name, const struct pool_settings *settings,
    const char *detail); /* one struct pool */

/* The id, leases and history stay; a request that was made under the former name can still be repeated. */
size_t pool_rename_add(struct batch *b, struct id id, const char *name, const char *wanted,
    const char *detail); /* one struct pool */

size_t pool_renamed_add(
    struct batch *b, const char *former); /* at most one struct pool: the one that had that name */

/* Looks a range up, in one space or, with NULL, in all. A host without a limit of slots has those it has. */
size_t pool_find_add(struct batch *b, const struct range *range, const char *space,
    int64_t limit); /* many struct stretch, in the order of the values */

/* Appends ranges as the server reads them: [{"name", "first", "last", "host"}]. */
void ranges_json(const struct range *ranges, size_t count, struct buf *out);

size_t doctor_add(struct batch *b); /* many struct finding */

#endif
