/*
 * Lists of label keys, of the values of a key, and of the objects that have a label, a window at a time.
 *
 * Keys and values are in byte order, unprefixed keys first, and a window is keyed by its text.  Targets are
 * newest first, with leases last.  Objects are counted up to LABEL_COUNTED of a kind; `more` says that there
 * are others.
 *
 * Every function adds one step to a batch and returns its index.
 */
#ifndef MODEL_SYNTAX_LABEL_LIST_H
#define MODEL_SYNTAX_LABEL_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct batch;
struct row_filter;

enum { LABEL_COUNTED = 1000, LABEL_COUNTED_VALUES = 200, LABEL_ALIKE = 2000 };

struct label_ask {
	const struct row_filter *filter; /* of FILTER_LABEL_KEYS, _VALUES or _TARGETS, or NULL */
	const char *edge; /* for keys and values: the window begins after it; NULL: at the start */
	bool with_edge;   /* ... or with it */
	int64_t after;    /* for targets: the window begins after this `seq`; 0: at the start */
	bool backwards;   /* the window ends before the edge, or at the end; the order stays */
	int64_t patience; /* microseconds after which a search with the filter stops; 0: never */
	bool upwards;     /* of a search: the list is shown last first */
	int64_t limit;
};

size_t label_keys_add(struct batch *b, const struct label_ask *ask); /* many struct label_group */
size_t label_values_add(
    struct batch *b, const char *key, const struct label_ask *ask); /* many struct label_group */
size_t label_targets_add(struct batch *b, const char *key, const char *value,
    const struct label_ask *ask); /* many struct label_target */

/* Add, after the windows of such a list, how far its search has come: one struct label_search for keys and
 * values; for targets one struct search, with a total of -1. */
size_t label_search_add(struct batch *b, const struct label_ask *ask);
size_t label_target_search_add(
    struct batch *b, const char *key, const char *value, const struct label_ask *ask);

/* Candidates for look-alikes (model/text/lookalike.h): at most LABEL_ALIKE texts of each place, and a JSON
 * array of the places that have more. */
size_t alike_texts_add(struct batch *b); /* many struct alike_text */
size_t alike_cut_add(struct batch *b);   /* one struct document */

#endif
