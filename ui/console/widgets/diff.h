/*
 * Texts side by side, with the parts in which they differ in brackets, so that it
 * also reads without colour.
 */
#ifndef UI_CONSOLE_WIDGETS_DIFF_H
#define UI_CONSOLE_WIDGETS_DIFF_H

#include <jansson.h>

struct pen;

/* Foreign text on the rest of the line: what is not in `other` stands in brackets; where something is missing
 * that the other one has, the brackets are empty. Hidden characters show as marks. */
void diff_text(struct pen *p, const char *text, const char *other);

/* The texts, or other values, of an array one below the other, with a letter each: the first against the
 * second, all others against the first. As many as there is room for. */
void diff_members(struct pen *p, const json_t *members);

#endif
