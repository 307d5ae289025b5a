/*
 * The folder of the hooks: programs whose names are in the database, and which
 * run with the rights of the worker.
 *
 * So who can change a hook can do what the worker can: a folder or file that
 * others may write, or that belongs to another user than us and root, is
 * refused, and so are links, which lead to who knows where.  The folder is
 * opened, looked at, and from then on known by its descriptor; its owners alone
 * can put something else in place of what was seen.
 */
#ifndef UI_WORKER_HOOK_DIR_H
#define UI_WORKER_HOOK_DIR_H

#include <stdbool.h>

struct err;

/* Opens it for the run of a hook: a descriptor that is closed at exec. */
bool hook_dir_open(const char *path, int *fd, struct err *err) __attribute__((warn_unused_result));

/* Its absolute path, if it can be used now; the caller frees it. */
bool hook_dir_find(const char *path, char **absolute, struct err *err) __attribute__((warn_unused_result));

/* Whether the hook of that name can be run: "hook NAME: why not". */
bool hook_dir_have(int folder, const char *name, struct err *err) __attribute__((warn_unused_result));

#endif
