/*
 * States that no command can make, set up by SQL. Every invariant of doctor holds afterwards.
 */
#ifndef TESTS_LIB_STAGE_H
#define TESTS_LIB_STAGE_H

#include <stdbool.h>

#include "db/base/id.h"

struct database;

/* Ends a lease and frees its value. */
void stage_release(struct database *d, struct id lease);

/* Puts a resource into a state, cordoned or not. */
void stage_resource(struct database *d, const char *name, const char *state, bool cordoned);

#endif
