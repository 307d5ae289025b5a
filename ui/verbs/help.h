/*
 * Help, from the tables of options and commands and from nothing else.
 */
#ifndef UI_VERBS_HELP_H
#define UI_VERBS_HELP_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct verb;
struct err;
struct run;

extern const struct verb command_help;
extern const struct verb command_version;

/* The program: usage, the commands with their summaries, the options that stand everywhere. */
void help_program(const struct verb *const *table, struct buf *out);

/* One command: its synopsis, summary, notes and options. */
void help_command(const struct verb *command, struct buf *out);

/* What `help WORDS…` and `WORDS… --help` print: the program for no words, a command, or the commands that
 * begin with the words; else ERR_INVALID_INPUT. */
bool help_words(const struct verb *const *table, const char *const *words, size_t n, struct buf *out,
    struct err *err) __attribute__((warn_unused_result));

/* Prints the help that --help asks for on run->sink. */
bool help_asked(struct run *run, struct err *err) __attribute__((warn_unused_result));

#endif
