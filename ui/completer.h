/*
 * Completion for shells: prints the candidates for the last word of a command line.
 */
#ifndef UI_COMPLETER_H
#define UI_COMPLETER_H

#include <stdbool.h>

struct err;
struct run;

/* Prints the candidates for the end of a line, run's first operand: one a line, each as the whole word
 * without quotes, a tab, and what it is. The exit code is 1 where names of files complete the word. Names in
 * the database are there when the server answers within a fifth of a second; nothing is started for them,
 * nobody is asked for a password, and there is no error. Names that a terminal could not show as they are,
 * are left out. */
bool completer(struct run *run, struct err *err) __attribute__((warn_unused_result));

#endif
