/*
 * Search in a text of lines: `/` asks for a word, `n` and `N` go to the next and the last line that has it,
 * in any case of letters, and around the ends.
 */
#ifndef UI_CONSOLE_WIDGETS_SEARCH_H
#define UI_CONSOLE_WIDGETS_SEARCH_H

#include <stdbool.h>

#include "ui/console/widgets/line_editor.h"

struct grid;
struct key_event;

/* `struct search s = {0}` looks for nothing. */
struct search {
	struct line_editor word;
	bool typing;
};

enum search_result {
	SEARCH_NONE,  /* not a key of the search */
	SEARCH_WAITS, /* nothing to go to */
	SEARCH_HERE,  /* go to the first line with the word, from the current one on */
	SEARCH_NEXT,
	SEARCH_PREVIOUS
};

void search_release(struct search *search);

enum search_result search_key(struct search *search, const struct key_event *event);

/* Returns the line of the text to go to, from 0; -1: none has the word. */
int search_line(const struct search *search, enum search_result result, const char *text, int line);

/* Returns true when the line, up to its end or a newline, has the word. */
bool search_matches(const struct search *search, const char *line);

/* Draws the line in which the word is typed, if it is. */
void search_draw(const struct search *search, struct grid *g, int row);

#endif
