/*
 * What labels there are: keys, their values, and what has one.
 *
 * Lists of any length, a window at a time, and at the same price whatever they
 * are of.  Keys and values come in the order of their bytes, unprefixed keys
 * first, and a window is keyed by its text; targets come youngest first, and
 * what is not a lease stands above them.
 *
 * How many things have a label is counted up to LABEL_COUNTED of a kind, for what
 * is past has labels too until it is forgotten, so that each has to be looked
 * at; `more` says that there are others.
 *
 * Every function adds one step to a batch and returns its index.
 */
#ifndef MODEL_SYNTAX_LABEL_LIST_H
#define MODEL_SYNTAX_LABEL_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct batch;

enum { LABEL_COUNTED = 1000, LABEL_COUNTED_VALUES = 200, LABEL_ALIKE = 2000 };

struct label_ask {
	const char *match; /* part of the key, the value, or of what a target is called; NULL or "" for all */
	bool invert;       /* those that do not match */
	const char *edge;  /* of keys and values: the window is behind it; NULL: from the start */
	bool with_edge;    /* ... or begins with it */
	int64_t after;     /* of targets: likewise behind this `seq`; 0: from the start */
	bool backwards;    /* before it instead; without an edge the last ones. The order stays */
	int64_t limit;
};

size_t label_keys_add(struct batch *b, const struct label_ask *ask); /* many struct label_group */
size_t label_values_add(
    struct batch *b, const char *key, const struct label_ask *ask); /* many struct label_group */
size_t label_targets_add(struct batch *b, const char *key, const char *value,
    const struct label_ask *ask); /* many struct label_target */

/* What might look alike (model/text/lookalike.h): of each place at most LABEL_ALIKE texts; and a JSON array
 * of the places of which there are more. */
size_t alike_texts_add(struct batch *b); /* many struct alike_text */
size_t alike_cut_add(struct batch *b);   /* one struct document */

#endif
