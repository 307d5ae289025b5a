/*
 * The lines above the projects: the number of projects of each organization, and its limit.
 */
#ifndef UI_CONSOLE_SCREENS_PROJECT_HEADER_H
#define UI_CONSOLE_SCREENS_PROJECT_HEADER_H

#include <stdbool.h>

struct buf;
struct org;
struct pen;
struct rowset;

/* Appends "3 of 5 projects", "3 projects, no limit". */
void org_use(const struct org *org, struct buf *out);

/* Prints the organizations. `orgs` are struct org, those closest to their limit first; `whole`: there are no
 * others. Those without room are counted. */
void project_head(struct pen *p, const struct rowset *orgs, bool whole);

#endif
