/*
 * ui/config: the files of the user that change how berth behaves.
 *
 * This header knows the folders: the configuration in $XDG_CONFIG_HOME/berth, else ~/.config/berth, and what
 * the program remembers from one run to the next in $XDG_STATE_HOME/berth, else ~/.local/state/berth.
 */
#ifndef UI_CONFIG_PLACE_H
#define UI_CONFIG_PLACE_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* Return the path of a file in these folders, owned by the caller; NULL when the environment names neither
 * the folder nor a home. As the XDG specification demands, a relative path in a variable is ignored. */
char *place_config(const char *name);
char *place_state(const char *name);

/* Replaces a file by n bytes, in one step and with mode 0600; makes its folder when there is none. */
bool place_write(const char *path, const char *text, size_t n, struct err *err)
    __attribute__((warn_unused_result));

#endif
