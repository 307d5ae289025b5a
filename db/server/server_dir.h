/*
 * The folder of a private server: made, told from other folders, locked.
 *
 * A folder is taken for a server only when it is new, empty or has been one
 * before, so that `--local=/etc` changes nothing in /etc.  The first file that
 * is ever made in one is `lock`; that marks it, and whoever holds its lock may
 * change the rest.  Everything goes through the descriptor of the folder: it
 * cannot become another one between two steps.
 */
#ifndef DB_SERVER_SERVER_DIR_H
#define DB_SERVER_SERVER_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/err.h"
#include "db/server/pg_program.h"

/* The absolute path that is meant: NULL is the default, "$XDG_DATA_HOME/berth/server". */
char *server_dir_path(const char *folder, struct err *err) __attribute__((warn_unused_result));

/* Opens it, if it is there: *fd is -1 when it is not. */
bool server_dir_open(const char *path, int *fd, struct err *err) __attribute__((warn_unused_result));

/* Makes it, and what leads there, mode 0700; opens it. */
bool server_dir_make(const char *path, int *fd, struct err *err) __attribute__((warn_unused_result));

/* Whether it has been taken by server_dir_take() once. */
bool server_dir_is_taken(int fd);

/* Makes it a server's, or sees that it is one: then `user` is its owner. */
bool server_dir_take(const char *path, int fd, struct pg_user *user, struct err *err)
    __attribute__((warn_unused_result));

/* Waits for the lock until the deadline (steady time); *lock is to be closed. */
bool server_dir_lock(const char *path, int fd, int64_t deadline, int *lock, struct err *err)
    __attribute__((warn_unused_result));

/* The beginning of a file in it, as a text; "" when there is none. */
void server_dir_read(int fd, const char *name, char *text, size_t size);

#endif
