/*
 * Phrases: what a person types to confirm a plan for many rows. Each names the verb, the count and the
 * target.
 */
#ifndef MODEL_PHRASE_H
#define MODEL_PHRASE_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct effect;

/* Appends "extend 46 web", for several pools "extend 46 leases": `kind` is the singular. */
void phrase_of_bulk(const struct effect *effect, const char *action, const char *kind, struct buf *out);

/* Appends "retry 12 commands". */
void phrase_of_many(const char *word, int64_t count, const char *one, const char *many, struct buf *out);

/* Appends "delete 46 acme/shop". */
void phrase_of_delete(const struct effect *effect, const char *project, struct buf *out);

/* Appends "fix 46 public.tags" or "undo 46 public.tags"; a table whose name is hard to type is called "rows".
 */
void phrase_of_dedupe(bool undo, int64_t rows, const char *table, struct buf *out);

#endif
