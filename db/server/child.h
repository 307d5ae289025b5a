/*
 * What a program that we start begins with: descriptors, signals, input.
 *
 * The first two are called in the new process, between fork() and exec(), and
 * call nothing that is not safe there.
 */
#ifndef DB_SERVER_CHILD_H
#define DB_SERVER_CHILD_H

#include <stdbool.h>

/* Puts descriptors at 0 to n - 1 (n <= 8), whichever they are, and closes all others. */
bool child_descriptors(const int *fds, int n);

/* Those of a fresh login: none blocked, none ignored. */
void child_signals(void);

/* A descriptor to read the text from, which ends behind it; -1 with errno. A file, not a
 * pipe: a program that reads nothing holds up nobody. Closed at exec. */
int child_input(const char *text);

#endif
