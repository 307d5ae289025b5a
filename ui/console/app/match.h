/*
 * The names that complete a word of the command line.
 */
#ifndef UI_CONSOLE_APP_MATCH_H
#define UI_CONSOLE_APP_MATCH_H

#include <stddef.h>

#include "db/base/buf.h"

struct app;

/* The candidates for a word: their number, and their common beginning. */
struct match {
	const char *word;
	struct buf first;
	size_t common;
	size_t count;
	struct buf names;
};

void match_release(struct match *m);

/* Offer a name, or names ended by NULL; those that do not begin with the word are not candidates. */
void match_offer(struct match *m, const char *name);
void match_offer_list(struct match *m, const char *const *names);

/* Replaces the word, which begins after `at` bytes of the command line, by the common beginning of the
 * candidates, if that is not shorter; tells them, if there are several. */
void match_apply(struct app *app, const struct match *m, size_t at);

#endif
