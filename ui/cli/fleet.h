/*
 * A verb asked of a fleet: its list of each database, as one list.
 */
#ifndef UI_CLI_FLEET_H
#define UI_CLI_FLEET_H

#include <stdbool.h>

struct config;
struct err;
struct run;

/* Checks, before connecting, that the arguments can be those of a fleet. */
bool fleet_check(const struct run *run, const struct config *config, struct err *err)
    __attribute__((warn_unused_result));

/* Asks all databases of the fleet at once and prints their rows with their environment. One that does not
 * answer is told on standard error, and the exit code is then 1; an error when none answers. */
bool fleet_perform(struct run *run, const struct config *config, struct err *err)
    __attribute__((warn_unused_result));

#endif
