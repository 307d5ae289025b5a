/*
 * The size of berth's own tables, history among them.
 */
#ifndef MODEL_STORAGE_H
#define MODEL_STORAGE_H

#include <stddef.h>

struct batch;

/* Adds the list of berth's tables: many struct storage, by name. */
size_t storage_list_add(struct batch *b);

#endif
