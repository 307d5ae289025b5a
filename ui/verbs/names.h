/*
 * Names in the database that complete a word.
 */
#ifndef UI_VERBS_NAMES_H
#define UI_VERBS_NAMES_H

#include <stddef.h>

struct batch;
struct buf;

enum names {
	NAMES_NONE,
	NAMES_POOLS,
	NAMES_PROJECTS,
	NAMES_ORGS,
	NAMES_KEYS,   /* of labels */
	NAMES_VALUES, /* of the key of a label */
	NAMES_TABLES, /* found by the name without its schema, too */
	NAMES_COLUMNS /* of a table */
};

/* Adds the step that asks for the names that begin with a word, at most 200. `key` is that of the label, or
 * the table; else it may be NULL. */
void names_add(struct batch *b, enum names names, const char *key, const char *word);

/* Appends the name of a row of its answer. */
void names_row(enum names names, const void *row, struct buf *out);

#endif
