/*
 * The names that complete a word of the command line or of the filter.
 */
#ifndef UI_CONSOLE_APP_MATCH_H
#define UI_CONSOLE_APP_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "db/base/buf.h"

struct app;
struct grid;

/* The candidates for a word: their number, and their common beginning. */
struct match {
	const char *word;
	bool filter; /* the word is in the filter, else in the command line */
	bool open;   /* an operator may follow the whole word, so no blank is added */
	struct buf first;
	size_t common;
	size_t count;
	struct buf names; /* one a line */
};

void match_release(struct match *m);

/* Offers a name; one that does not begin with the word is no candidate. */
void match_offer(struct match *m, const char *name);

/* Replaces the word, which begins after `at` bytes of its line, by the common beginning of the candidates, if
 * that is not shorter. Several are shown until the line changes; asked once more, those that had no room. */
void match_apply(struct app *app, const struct match *m, size_t at);

/* The candidates that are shown above a line. `struct offers o = {0}` has none. */
struct offers {
	char *line;  /* they are for this text */
	char *names; /* one a line */
	size_t count;
	size_t first; /* the first one that is shown */
};

void offers_release(struct offers *offers);

/* Draws those for a text in the rows above `row`, as many as have room, and how many others there are. */
void offers_draw(const struct offers *offers, const char *line, struct grid *g, int row);

#endif
