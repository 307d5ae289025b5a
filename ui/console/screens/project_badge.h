/*
 * What a project means, in a glyph, a word, a style and sentences: how near its
 * limit it is, and what its deletion would take.
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

/* How near its limit it is, or that it is closed. */
const struct badge *project_badge(const struct project *project) __attribute__((returns_nonnull));

/* "acme/web". */
void project_name(const struct project *project, struct buf *out);

/* Its leases: "46", "820k", ">10k" where nobody has counted further; its limit: "50", "no limit"; how much of
 * it is used: "92%", nothing without a limit. */
void project_leases(const struct project *project, struct buf *out);
void project_limit(const struct project *project, struct buf *out);
void project_used(const struct project *project, struct buf *out);

/* False without a limit. */
bool project_gauge(const struct project *project, struct gauge *gauge);

/* "46 of 50 leases", "46 leases, no limit". */
void project_use(const struct project *project, struct buf *out);

/* "46 of 50 leases, 4 more can be taken". */
void project_summary(struct pen *p, const struct project *project);

/* `org` is its organization, NULL when that is not known. */
void project_detail(struct pen *p, const struct project *project, const struct org *org);

/* One sentence when a person should look at it, else nothing. */
void project_alert(const struct project *project, struct buf *out);

/* The most important word first, all on one line. */
void project_linear(const struct project *project, struct buf *out);

#endif
