/*
 * Deeds as the program is asked for them: the words of a command line.
 */
#ifndef TESTS_CHAOS_PHRASE_H
#define TESTS_CHAOS_PHRASE_H

#include <stddef.h>

#include "tests/chaos/history.h"

enum { WORDS = 40 };

/* The last one is followed by NULL. */
struct phrase {
	char *words[WORDS];
	size_t count;
};

void phrase_add(struct phrase *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
void phrase_deed(struct phrase *w, const struct deed *deed);
void phrase_release(struct phrase *w);

/* All in one line, which the caller frees. */
char *phrase_line(const struct phrase *w) __attribute__((returns_nonnull, warn_unused_result));

/* The lines of a batch, which the caller frees. */
char *phrase_batch(const struct deed *deeds, size_t count)
    __attribute__((returns_nonnull, warn_unused_result));

#endif
