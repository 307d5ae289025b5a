/*
 * The effect of a plan as text, for the plans of the console and the dry runs of the command line.
 */
#ifndef UI_TEXT_EFFECT_H
#define UI_TEXT_EFFECT_H

#include <stdbool.h>

struct buf;
struct effect_part;

/* Appends "web: used 505 to 502, free 7 to 10", with an arrow for "to". Figures that do not change are left
 * out. */
void effect_words(const struct effect_part *part, const char *arrow, struct buf *out);

#endif
