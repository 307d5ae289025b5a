/*
 * Copying to the clipboard, through the terminal (OSC 52).
 *
 * What is copied is pasted into shells: so it is the exact text, or nothing.  A
 * text with anything in it that cannot be seen is refused and not made pretty;
 * as JSON, where everything beyond ASCII is escaped, it can be copied always.
 */
#ifndef UI_CONSOLE_INPUT_CLIPBOARD_H
#define UI_CONSOLE_INPUT_CLIPBOARD_H

#include <stddef.h>

#include "ui/console/app/keymap.h"

#define COPY_MAX 65536 /* terminals drop what is longer */

struct app;
struct buf;

/* Puts what the request asks for of the current row among the wishes, and says so. */
void clipboard_row(struct app *app, enum request request);

/* The same of a text that is no row; `name` says what it is. */
void clipboard_text(struct app *app, const struct buf *text, const char *name);

/* The sequence that a terminal understands: ASCII, base64 inside. */
void clipboard_sequence(const char *bytes, size_t n, struct buf *out);

#endif
