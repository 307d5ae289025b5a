/*
 * Prints the verdict: counts of calls, faults and checks, and the history of each finding.
 */
#ifndef TESTS_CHAOS_SUMMARY_H
#define TESTS_CHAOS_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#include "tests/chaos/nemesis.h"

struct final;
struct history;
struct verdict;

void summary_calls(const struct history *h);
void summary_faults(const struct nemesis *n);

/* Prints it, ending with "N passed, N failed" kinds of checks. */
void summary_verdict(const struct verdict *v, const struct history *h, const struct final *f);

/* Returns how many kinds of checks have failed; one without comparisons counts as failed. */
size_t summary_failed(const struct verdict *v);

#endif
