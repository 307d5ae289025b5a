/*
 * The names of the console's screens, for code that cannot include the console's headers, which have other
 * meanings for names of the command line.
 */
#ifndef UI_VIEW_NAME_H
#define UI_VIEW_NAME_H

#include <stdbool.h>

/* Returns true when --once can print a screen of that name. */
bool view_name_exists(const char *name);

#endif
