/*
 * The installed PostgreSQL: its server programs, and the user that runs them when we are root.
 */
#ifndef DB_SERVER_PG_INSTALL_H
#define DB_SERVER_PG_INSTALL_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/err.h"
#include "db/server/pg_program.h"

/* Finds the owner of a new server: the caller; for root the user postgres, else nobody. */
bool pg_install_user(struct pg_user *user, struct err *err) __attribute__((warn_unused_result));

/* Returns the folder of initdb, pg_ctl and postgres, owned by the caller: Debian's of that major version,
 * else the first in PATH, else Debian's newest. `version` 0 is any. NULL, with the error, when there is none
 * from version 14 on. */
char *pg_install_find(int64_t version, struct err *err) __attribute__((warn_unused_result));

#endif
