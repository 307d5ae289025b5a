/*
 * The lines typed after `/` and `:`, kept from one run to the next: the file `history` in the folder of
 * ui/config/place.h, a line each, which begins with the `/` or `:`. It has mode 0600.
 *
 * Consoles that run at the same time append to it; the next one that starts cuts it to its newest lines.
 */
#ifndef UI_CONFIG_HISTORY_H
#define UI_CONFIG_HISTORY_H

#include <stddef.h>

/* Hands over the newest lines, oldest first: the first character, and the text after it. A file that is
 * missing or cannot be read has none, and lines that are not UTF-8 are left out. */
void history_read(void (*take)(void *context, char kind, const char *text), void *context);

/* Appends whole lines. What cannot be written is forgotten. */
void history_add(const char *lines, size_t n);

#endif
