/*
 * Counts of what a test has tried, which `make evidence` collects for the table of README.md.
 */
#ifndef TESTS_LIB_EVIDENCE_H
#define TESTS_LIB_EVIDENCE_H

#include <stddef.h>

/* Prints a line of TAP, `# evidence: WHAT COUNT`, which tests/run shows and tests/evidence adds up. */
void evidence(const char *what, size_t count);

#endif
