/*
 * The texts of the console as lines: what a screen would show, in words.
 */
#ifndef UI_CONSOLE_LINES_TEXT_H
#define UI_CONSOLE_LINES_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct app;
struct buf;
struct list_row;
struct menu;

/* Append the title of the list, and a row of it. */
void lines_title(const struct app *app, struct buf *out);
void lines_row(const struct app *app, const struct list_row *row, bool current, struct buf *out);

/* Appends a line of a menu, with the letter that chooses it. */
void lines_item(const struct menu *menu, size_t item, struct buf *out);

/* Appends the error in the line that was typed, else the last message. */
void lines_message(const struct app *app, struct buf *out);

#endif
