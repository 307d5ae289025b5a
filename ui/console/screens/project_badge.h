/*
 * A project as a glyph, a word, a style and sentences: how close it is to its limit, and what its deletion
 * would remove.
 */
#ifndef UI_CONSOLE_SCREENS_PROJECT_BADGE_H
#define UI_CONSOLE_SCREENS_PROJECT_BADGE_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/console/widgets/pen.h"
#include "ui/console/terminal/style.h"

struct buf;
struct gauge;
struct org;
struct project;

/* Returns the badge: how close the project is to its limit, or closed. */
const struct badge *project_badge(const struct project *project) __attribute__((returns_nonnull));

/* Appends "acme/web". */
void project_name(const struct project *project, struct buf *out);

/* Append its leases: "46", "820k", ">10k" when not all are counted; its limit: "50", "no limit"; the share
 * that is used: "92%", nothing without a limit. */
void project_leases(const struct project *project, struct buf *out);
void project_limit(const struct project *project, struct buf *out);
void project_used(const struct project *project, struct buf *out);

/* Sets the gauge; false without a limit. */
bool project_gauge(const struct project *project, struct gauge *gauge);

/* Appends "46 of 50 leases", "46 leases, no limit". */
void project_use(const struct project *project, struct buf *out);

/* Prints "46 of 50 leases, 4 more can be taken". */
void project_summary(struct pen *p, const struct project *project);

/* Prints all details. `org` is its organization, NULL when it is not known. */
void project_detail(struct pen *p, const struct project *project, const struct org *org);

/* Appends everything as one line, the most important word first. */
void project_linear(const struct project *project, struct buf *out);

#endif
