/*
 * The lines above the projects: how many each organization has of those that it
 * may have.
 */
#ifndef UI_CONSOLE_SCREENS_PROJECT_HEADER_H
#define UI_CONSOLE_SCREENS_PROJECT_HEADER_H

#include <stdbool.h>

struct buf;
struct org;
struct pen;
struct rowset;

/* "3 of 5 projects", "3 projects, no limit". */
void org_use(const struct org *org, struct buf *out);

/* `orgs` are struct org, those nearest to their limit first; `whole`: there are no others. What has no room
 * is counted. */
void project_head(struct pen *p, const struct rowset *orgs, bool whole);

#endif
