/*
 * The verdict for people: counts of calls, faults and checks, and of each finding
 * the history of what it is about.
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

/* Ends with "N passed, N failed": how many kinds of checks. */
void summary_verdict(const struct verdict *v, const struct history *h, const struct final *f);

/* How many kinds of checks have failed; one that has looked at nothing has. */
size_t summary_failed(const struct verdict *v);

#endif
