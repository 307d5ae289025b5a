/*
 * Evaluates a selector in C, to compare with what the server selects.
 */
#ifndef TESTS_LIB_MATCHES_H
#define TESTS_LIB_MATCHES_H

#include <stdbool.h>
#include <stddef.h>

struct selector;

struct selector_label {
	const char *prefix; /* "" for none */
	const char *name;
	const char *value;
};

/* Returns true when an object with these labels is selected. Every key occurs once. */
bool selector_matches(const struct selector *selector, const struct selector_label *labels, size_t count)
    __attribute__((warn_unused_result));

#endif
