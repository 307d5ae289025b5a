/*
 * The labels of a row, for people: `owner=ci tier=shared`, from their JSON object.
 */
#ifndef UI_CONSOLE_LABELS_H
#define UI_CONSOLE_LABELS_H

struct buf;

/* Appends them, exact and therefore foreign; nothing when there are none. */
void labels_text(const char *json, struct buf *out);

#endif
