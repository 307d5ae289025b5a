/*
 * Search in a text of lines: `/` asks for a word, `n` and `N` go to the next and the last line that has it,
 * in any case of letters, and around the ends.
 */
#ifndef UI_CONSOLE_WIDGETS_TEXT_SEARCH_H
#define UI_CONSOLE_WIDGETS_TEXT_SEARCH_H

#include <stdbool.h>

#include "ui/console/widgets/line_editor.h"

struct grid;
struct key_event;

/* `struct text_search s = {0}` looks for nothing. */
struct text_search {
	struct line_editor word;
	bool typing;
	bool missed; /* no line has the word, as the last key has found */
};

enum text_search_result {
	TEXT_SEARCH_NONE,  /* not a key of the search */
	TEXT_SEARCH_WAITS, /* nothing to go to */
	TEXT_SEARCH_HERE,  /* go to the first line with the word, from the current one on */
	TEXT_SEARCH_NEXT,
	TEXT_SEARCH_PREVIOUS
};

void text_search_release(struct text_search *search);

enum text_search_result text_search_key(struct text_search *search, const struct key_event *event);

/* Returns the line of the text to go to, from 0; -1: none has the word. */
int text_search_line(struct text_search *search, enum text_search_result result, const char *text, int line);

/* Returns true when the line, up to its end or a newline, has the word. */
bool text_search_matches(const struct text_search *search, const char *line);

/* Draws the line in which the word is typed, if it is, and that no line has it. */
void text_search_draw(const struct text_search *search, struct grid *g, int row);

#endif
