/*
 * An organization and its projects, for the tests that are about them.
 */
#ifndef TESTS_LIB_TENANT_H
#define TESTS_LIB_TENANT_H

#include <stdint.h>

struct batch;
struct conn;

/* Adds the steps of a new project with one pool of numbers, in a space of the pool's name. */
void tenant_project_add(struct batch *b, const char *name, int64_t limit, const char *pool, const char *text);

/* Makes it. */
void tenant_project(struct conn *c, const char *name, int64_t limit, const char *pool, const char *text);

/* For cmocka: a place with organization "acme", its project "acme/web" without a limit, whose pool is "own",
 * 1-30, and a pool of all, "all", 1-60. The end is place_close(). */
int tenant_open(void **state);

#endif
