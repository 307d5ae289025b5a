/*
 * The columns of a screen that the operator has hidden, as bits 1 << column, and as words: "PROJECT, LABELS".
 */
#ifndef UI_CONSOLE_LIST_COLUMN_CHOICE_H
#define UI_CONSOLE_LIST_COLUMN_CHOICE_H

#include <stddef.h>

struct buf;
struct view;

/* Appends the word for a column: its title, or "BAR". */
void column_word(const struct view *view, size_t column, struct buf *out);

/* Appends the words of the hidden columns. */
void columns_words(const struct view *view, unsigned hidden, struct buf *out);

/* Returns the columns that the words name; words that name none are ignored, since another version may have
 * had such a column. The column that names the row is never hidden. */
unsigned columns_hidden(const struct view *view, const char *words);

#endif
