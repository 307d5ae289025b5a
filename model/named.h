/*
 * The object that limits a list, found by its id or name, so that the list follows it when it gets
 * another name.
 */
#ifndef MODEL_NAMED_H
#define MODEL_NAMED_H

#include <stddef.h>

#include "db/base/id.h"

struct batch;

/* Adds the search for a pool, project or bulk command by its id, else by its name: at most one struct named.
 * A name that only a former pool had finds the pool that it belongs to, as `renamed`. */
size_t named_find_add(struct batch *b, const char *kind, struct id id, const char *name);

#endif
