/*
 * Launches the console: opens it, prints one screen, or lists its keys.
 */
#ifndef UI_LAUNCHER_H
#define UI_LAUNCHER_H

#include <stdbool.h>

struct err;
struct run;

/* Checks, before connecting, that the screen of --once exists or that there is a terminal. */
bool launcher_check(const struct run *run, struct err *err) __attribute__((warn_unused_result));

/* Opens the console on run->conn; with --once prints a screen. */
bool launcher_console(struct run *run, struct err *err) __attribute__((warn_unused_result));

/* The same, with the tour of the demo. */
bool launcher_tour(struct run *run, struct err *err) __attribute__((warn_unused_result));

/* Prints the keys, from the key table. */
bool launcher_keys(struct run *run, struct err *err) __attribute__((warn_unused_result));

#endif
