/*
 * The console as a command sees it: opened, printed once, or its keys listed.
 */
#ifndef UI_LAUNCHER_H
#define UI_LAUNCHER_H

#include <stdbool.h>

struct err;
struct run;

/* Whether it can be done at all, before anything is made for it: the screen of
 * --once exists, or there is a terminal. */
bool launcher_check(const struct run *run, struct err *err) __attribute__((warn_unused_result));

/* Opens the console on run->conn; with --once prints a screen and ends. */
bool launcher_console(struct run *run, struct err *err) __attribute__((warn_unused_result));

/* Prints the keys, from the live table. */
bool launcher_keys(struct run *run, struct err *err) __attribute__((warn_unused_result));

#endif
