/*
 * The word that the user may have meant.
 */
#ifndef UI_VERBS_PARSE_NEAREST_H
#define UI_VERBS_PARSE_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* `struct nearest n = {.typed = "pool lst"}` has no candidate yet. */
struct nearest {
	const char *typed;
	const char *best; /* the nearest candidate so far, or NULL */
	size_t distance;  /* its distance */
};

/* Offers a candidate, which is kept if it is close to the typed word and closer than those before. */
void nearest_offer(struct nearest *n, const char *candidate);

/* Adds the hint "did you mean X?" to an error, with X between these marks; the other hint when no candidate
 * is near, or none if that is NULL. Returns false. */
bool nearest_hint(
    const struct nearest *n, const char *before, const char *after, const char *otherwise, struct err *err);

#endif
