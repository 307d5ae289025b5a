/*
 * Scenes that no command sets yet: done by hand, so that the tests can see what
 * allocation makes of them.  Every invariant of doctor holds afterwards.
 */
#ifndef TESTS_LIB_STAGE_H
#define TESTS_LIB_STAGE_H

#include <stdbool.h>

#include "db/base/id.h"

struct database;

/* The lease has ended and its value is free again. */
void stage_release(struct database *d, struct id lease);

/* The resource of that name is in this state, cordoned or not. */
void stage_resource(struct database *d, const char *name, const char *state, bool cordoned);

#endif
