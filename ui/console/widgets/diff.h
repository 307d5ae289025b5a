/*
 * Texts side by side. The parts that differ are in brackets, so that it also reads without colour.
 */
#ifndef UI_CONSOLE_WIDGETS_DIFF_H
#define UI_CONSOLE_WIDGETS_DIFF_H

#include <jansson.h>

struct pen;

/* Prints foreign text on the rest of the line, with the parts that `other` does not have in brackets; empty
 * brackets show that a part of `other` is missing. Hidden characters are shown as marks. */
void diff_text(struct pen *p, const char *text, const char *other);

/* Prints the values of an array one below the other, with a letter each: the first compared with the second,
 * all others with the first. Those without room are left out. */
void diff_members(struct pen *p, const json_t *members);

#endif
