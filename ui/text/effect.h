/*
 * The effect of a plan as text, for the plans of the console and the dry runs of the command line.
 */
#ifndef UI_TEXT_EFFECT_H
#define UI_TEXT_EFFECT_H

#include <stdbool.h>

struct buf;
struct pool_effect;

/* Appends "web: used 505 to 502, free 7 to 10", with the arrow for "to". Figures that do not change are left
 * out. Figures are short ("1.8e19") unless they are to be exact. */
void effect_words(const struct pool_effect *pool, const char *arrow, bool exact, struct buf *out);

#endif
