/*
 * Help, made from the tables of options and verbs alone.
 */
#ifndef UI_VERBS_HELP_H
#define UI_VERBS_HELP_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct verb;
struct err;
struct run;

/* Appends what `help WORDS…` and `WORDS… --help` print: the program for no words, a verb, or the verbs that
 * begin with the words; else ERR_INVALID_INPUT. */
bool help_words(const struct verb *const *table, const char *const *words, size_t n, struct buf *out,
    struct err *err) __attribute__((warn_unused_result));

/* Prints the help that --help asks for on run->sink. */
bool help_asked(struct run *run, struct err *err) __attribute__((warn_unused_result));

#endif
