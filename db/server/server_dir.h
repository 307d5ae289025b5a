/*
 * The folder of a private server: creating, recognizing and locking it.
 *
 * A folder is used only when it is new, empty or already a server's, so that `--local=/etc` changes nothing
 * in /etc.  The first file created in it is `lock`, which marks it; the holder of its lock may change the
 * rest. Everything goes through the descriptor of the folder, which cannot be exchanged between two steps.
 */
#ifndef DB_SERVER_SERVER_DIR_H
#define DB_SERVER_SERVER_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/err.h"
#include "db/server/pg_program.h"

/* Returns the absolute path, owned by the caller; of NULL the default, "$XDG_DATA_HOME/berth/server". */
char *server_dir_path(const char *folder, struct err *err) __attribute__((warn_unused_result));

/* Opens it; *fd is -1 when it does not exist. */
bool server_dir_open(const char *path, int *fd, struct err *err) __attribute__((warn_unused_result));

/* Creates it and its parents, mode 0700, and opens it. */
bool server_dir_make(const char *path, int *fd, struct err *err) __attribute__((warn_unused_result));

/* Returns true when server_dir_take() has made it a server's folder. */
bool server_dir_is_taken(int fd);

/* Makes it a server's folder, or checks that it is one. `user` becomes its owner. */
bool server_dir_take(const char *path, int fd, struct pg_user *user, struct err *err)
    __attribute__((warn_unused_result));

/* Waits for the lock until the deadline (steady time). The caller closes *lock. */
bool server_dir_lock(const char *path, int fd, int64_t deadline, int *lock, struct err *err)
    __attribute__((warn_unused_result));

/* Reads the beginning of a file in it; "" when there is none. */
void server_dir_read(int fd, const char *name, char *text, size_t size);

#endif
