/*
 * The names of the console's screens, for code that cannot include the console's headers: they use the same
 * names as the command line's for other things.
 */
#ifndef UI_VIEW_NAME_H
#define UI_VIEW_NAME_H

#include <stdbool.h>

/* Returns true when --once can print a screen of that name. */
bool view_name_exists(const char *name);

#endif
