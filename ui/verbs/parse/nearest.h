/*
 * The word that somebody may have meant.
 */
#ifndef UI_VERBS_PARSE_NEAREST_H
#define UI_VERBS_PARSE_NEAREST_H

#include <stddef.h>

/* `struct nearest n = {.typed = "pool lst"}` has not found anything. */
struct nearest {
	const char *typed;
	const char *best; /* the nearest candidate so far, or NULL */
	size_t distance;  /* how far it is */
};

/* Offers a candidate, which is kept where it is near to what was typed and nearer than those before. */
void nearest_offer(struct nearest *n, const char *candidate);

#endif
