/*
 * An organization and its projects, for tests of projects.
 */
#ifndef TESTS_LIB_TENANT_H
#define TESTS_LIB_TENANT_H

#include <stdint.h>

struct batch;
struct conn;

/* Adds the steps of a project with one pool of numbers, in a space with the pool's name. */
void tenant_project_add(struct batch *b, const char *name, int64_t limit, const char *pool, const char *text);

/* Creates the project. */
void tenant_project(struct conn *c, const char *name, int64_t limit, const char *pool, const char *text);

/* For cmocka: opens a place with the organization "acme", its project "acme/web" without a limit, the
 * project's pool "own", 1-30, and a shared pool "all", 1-60. Closed by place_close(). */
int tenant_open(void **state);

#endif
