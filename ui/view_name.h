/*
 * Which screens the console has, for those that know nothing else of it: the
 * headers of its views and those of the command line name different things
 * alike.
 */
#ifndef UI_VIEW_NAME_H
#define UI_VIEW_NAME_H

#include <stdbool.h>

/* Whether --once can print a screen of that name. */
bool view_name_exists(const char *name);

#endif
