/*
 * What this machine has of PostgreSQL: its server programs, and the user that
 * may run them when we are root.
 */
#ifndef DB_SERVER_PG_INSTALL_H
#define DB_SERVER_PG_INSTALL_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/err.h"
#include "db/server/pg_program.h"

/* Who owns a new server: the caller; for root the user postgres, else nobody. */
bool pg_install_user(struct pg_user *user, struct err *err) __attribute__((warn_unused_result));

/* The folder of initdb, pg_ctl and postgres, owned by the caller: that of the
 * major version where Debian keeps them; 0 for any, which is the first in
 * PATH, else the newest there. NULL, with the error, when there is none from
 * version 14 on. */
char *pg_install_find(int64_t version, struct err *err) __attribute__((warn_unused_result));

#endif
