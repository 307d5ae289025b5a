/*
 * The private PostgreSQL server: berth's own, in a folder, reached through a socket in that folder by its
 * owner and root only.
 *
 *     DIR/data           the cluster        DIR/log   output of the server and of its set-up
 *     DIR/.s.PGSQL.5432  the socket         DIR/lock  held while it is started, stopped or removed
 *
 * It is created and started when it is needed, and runs until it is stopped.  Creation is atomic (a complete
 * cluster gets its name last), and several processes may try it at once.  fsync is on, unless the server is
 * temporary.  There is no password and no network: access is controlled by the folder's mode, 0700.  For
 * root, see db/server/pg_program.h.
 *
 * Every function may wait up to 30 s, for a recovering server up to ten minutes, so they are called before
 * the console opens.  Errors are `unavailable`, `timeout`, `invalid_input` for a folder that is not a
 * server's, and `not_allowed` for one of another user.
 */
#ifndef DB_SERVER_SERVER_H
#define DB_SERVER_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/err.h"

struct server;

enum server_state {
	SERVER_STOPPED, /* or not created */
	SERVER_WAITING, /* starting, recovering or stopping */
	SERVER_RUNNING
};

/* Opens the server of that folder; NULL for the default, $XDG_DATA_HOME/berth/server. Creates and starts
 * nothing. Removes PGHOSTADDR and PGSERVICE from the environment, which override the host. */
bool server_open(const char *folder, struct server **server, struct err *err)
    __attribute__((warn_unused_result));

/* Releases the handle; the server keeps running. Takes NULL. */
void server_close(struct server *s);

/* Limits every wait to that steady time; TIME_NONE lifts the limit. */
void server_set_deadline(struct server *s, int64_t deadline);

/* Says that its data need not outlive the machine: nothing is synced to the disk, so that it is created,
 * started and stopped sooner. Call it before server_start(). */
void server_set_temporary(struct server *s);

/* Returns true when it has been created. */
bool server_exists(const struct server *s);

/* Creates and starts it if needed, and returns when it accepts connections. */
bool server_start(struct server *s, struct err *err) __attribute__((warn_unused_result));

/* Ends its sessions and stops it; true also when it was not running. */
bool server_stop(struct server *s, struct err *err) __attribute__((warn_unused_result));

/* Stops it and removes the folder with all its data. */
bool server_remove(struct server *s, struct err *err) __attribute__((warn_unused_result));

enum server_state server_state(const struct server *s);
const char *server_state_name(enum server_state state);

/* Returns the process id of the postmaster; 0 while it is stopped. */
int64_t server_pid(const struct server *s);

/* Returns the absolute path of the folder. */
const char *server_path(const struct server *s);

/* Return its host, port, user and dbname for struct conn_options, ended by NULL; borrowed until
 * server_close().
 */
const char *const *server_keywords(void) __attribute__((returns_nonnull));
const char *const *server_values(const struct server *s);

#endif
