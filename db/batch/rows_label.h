/*
 * What the server answers about labels and look-alikes: a part of db/batch/rows.h,
 * which includes it.
 */
#ifndef DB_BATCH_ROWS_LABEL_H
#define DB_BATCH_ROWS_LABEL_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/id.h"

struct row_type;

/* A key of labels, or a key with a value, and what has it. */
struct label_group {
	struct id id; /* of the text, the same everywhere */
	const char *key;
	const char *value; /* NULL of a key */
	int64_t values;    /* how many different ones it has */
	int64_t targets;   /* live things that have it */
	int64_t leases;    /* ... of these kinds */
	int64_t resources;
	int64_t pools;
	bool more; /* there are more than were counted */
};

/* Something that has a label. */
struct label_target {
	struct id id;
	int64_t seq;        /* greatest first; of a lease its order of birth */
	const char *kind;   /* "lease", "resource", "pool", "org", "project" */
	const char *target; /* what it is called: a lease's value */
	const char *pool;   /* "" for none */
	const char *holder; /* foreign text */
	const char *state;  /* "" for none */
	const char *labels;
};

/* A text that may look like another one. */
struct alike_text {
	const char *place; /* "label keys", "values of KEY", "holders", "pools", ... */
	const char *text;  /* foreign */
	bool cut;          /* not all texts of that place are there */
};

extern const struct row_type row_label_group;
extern const struct row_type row_label_target;
extern const struct row_type row_alike_text;

#endif
