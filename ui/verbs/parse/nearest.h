/*
 * The word that the user may have meant.
 */
#ifndef UI_VERBS_PARSE_NEAREST_H
#define UI_VERBS_PARSE_NEAREST_H

#include <stddef.h>

/* `struct nearest n = {.typed = "pool lst"}` has no candidate yet. */
struct nearest {
	const char *typed;
	const char *best; /* the nearest candidate so far, or NULL */
	size_t distance;  /* its distance */
};

/* Offers a candidate, which is kept if it is close to the typed word and closer than those before. */
void nearest_offer(struct nearest *n, const char *candidate);

#endif
