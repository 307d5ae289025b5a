/*
 * The folder of the hooks: programs that run with the rights of the worker, named in the database.
 *
 * Anyone who can change a hook can do what the worker can.  So a folder or file that others may write, or
 * that belongs to another user than us or root, is refused, and so are symbolic links.  The folder is opened,
 * checked, and then used by its descriptor only, so that it cannot be exchanged after the check.
 */
#ifndef UI_WORKER_HOOK_DIR_H
#define UI_WORKER_HOOK_DIR_H

#include <stdbool.h>

struct err;

/* Opens the folder to run a hook; the descriptor is closed at exec. */
bool hook_dir_open(const char *path, int *fd, struct err *err) __attribute__((warn_unused_result));

/* Checks the folder and returns its absolute path, owned by the caller. */
bool hook_dir_find(const char *path, char **absolute, struct err *err) __attribute__((warn_unused_result));

/* Checks that the hook of that name can be run; else the error is "hook NAME: REASON". */
bool hook_dir_have(int folder, const char *name, struct err *err) __attribute__((warn_unused_result));

#endif
