/*
 * The console as a command sees it: opened, printed once, or its keys listed.
 */
#ifndef UI_FACE_H
#define UI_FACE_H

#include <stdbool.h>

struct err;
struct run;

/* Opens the console on run->conn; with --once prints a screen and ends. */
bool face_console(struct run *run, struct err *err) __attribute__((warn_unused_result));

/* Prints the keys, from the live table. */
bool face_keys(struct run *run, struct err *err) __attribute__((warn_unused_result));

#endif
