/*
 * The annotations of a thing in its detail: a row set of struct annotation (model/metadata.h).
 */
#ifndef UI_CONSOLE_SCREENS_ANNOTATIONS_H
#define UI_CONSOLE_SCREENS_ANNOTATIONS_H

struct pen;
struct rowset;

/* Prints "ANNOTATIONS", or those of what is named, and each with its beginning; nothing when there are none.
 */
void annotations_draw(struct pen *p, const struct rowset *annotations, const char *of);

#endif
