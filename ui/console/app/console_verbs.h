/*
 * The verbs of a line after `:`: those of the program, and a few that only the console has.
 */
#ifndef UI_CONSOLE_APP_CONSOLE_VERBS_H
#define UI_CONSOLE_APP_CONSOLE_VERBS_H

#include "ui/verbs/verb.h"

/* Returns a table of both, for the caller to free. */
const struct verb **console_verbs(void) __attribute__((returns_nonnull));

#endif
