/*
 * Copying to the clipboard, through the terminal (OSC 52).
 *
 * Copied text is pasted into shells, so it is the exact text or nothing. A text with invisible characters is
 * refused, never cleaned up. As JSON, where everything beyond ASCII is escaped, it can always be copied.
 */
#ifndef UI_CONSOLE_INPUT_CLIPBOARD_H
#define UI_CONSOLE_INPUT_CLIPBOARD_H

#include <stddef.h>

#include "ui/console/app/keymap.h"

#define COPY_MAX 65536 /* terminals drop longer texts */

struct app;
struct buf;

/* Copies the requested part of the current row into the requests, and shows a message. */
void clipboard_row(struct app *app, enum request request);

/* Copies a text that is not a row; `name` is its name in the message. */
void clipboard_text(struct app *app, const struct buf *text, const char *name);

/* The same for a command line, with the connection options of this console. */
void clipboard_command(struct app *app, const struct buf *command, const char *name);

/* Appends the escape sequence for the terminal: ASCII, with the bytes in base64. */
void clipboard_sequence(const char *bytes, size_t n, struct buf *out);

#endif
