/*
 * Deeds as words of a command line.
 */
#ifndef TESTS_CHAOS_PHRASE_H
#define TESTS_CHAOS_PHRASE_H

#include <stddef.h>

#include "tests/chaos/history.h"

enum { WORDS = 40 };

/* Words, ended by NULL. */
struct phrase {
	char *words[WORDS];
	size_t count;
};

void phrase_add(struct phrase *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
void phrase_deed(struct phrase *w, const struct deed *deed);
void phrase_release(struct phrase *w);

/* Returns them as one line, owned by the caller. */
char *phrase_line(const struct phrase *w) __attribute__((returns_nonnull, warn_unused_result));

/* Returns the lines of a batch, owned by the caller. */
char *phrase_batch(const struct deed *deeds, size_t count)
    __attribute__((returns_nonnull, warn_unused_result));

#endif
