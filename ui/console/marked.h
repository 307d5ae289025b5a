/*
 * Texts side by side, with the parts in which they differ in brackets, so that it
 * also reads without colour.
 */
#ifndef UI_CONSOLE_MARKED_H
#define UI_CONSOLE_MARKED_H

struct pen;

/* Foreign text on the rest of the line: what is not in `other` stands in brackets; where something is missing
 * that the other one has, the brackets are empty. Hidden characters show as marks. */
void marked_text(struct pen *p, const char *text, const char *other);

#endif
