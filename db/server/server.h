/*
 * The private PostgreSQL server: berth's own, in a folder, reached through a
 * socket in that folder and by nobody but its owner (and root).
 *
 *     DIR/data           the cluster        DIR/log   what the server and its set-up said
 *     DIR/.s.PGSQL.5432  the socket         DIR/lock  held while one is started, stopped or removed
 *
 * It is made once, started when it is needed, and stays up until it is
 * stopped: a script that calls berth ten times starts it once.  Making it is
 * all or nothing (the cluster gets its name when it is complete), and any
 * number of processes may do so at the same time.  Its data is real: fsync is
 * on.  There is no password and no network; the mode of the folder, 0700, is
 * the door.
 *
 * For root the server belongs to an unprivileged user; see db/server/pg_program.h, also for
 * why any folder will do, however long its name and whoever may pass its
 * parents.
 *
 * Everything here waits, up to 30 s, and for a server that recovers up to ten
 * minutes: it is for the time before the console opens.  Errors are
 * `unavailable`, `timeout`, `invalid_input` for a folder that is something
 * else, and `not_allowed` for one that is somebody else's.
 */
#ifndef DB_SERVER_SERVER_H
#define DB_SERVER_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "db/base/err.h"

struct server;

enum server_state {
	SERVER_STOPPED, /* or never made */
	SERVER_WAITING, /* it starts, recovers or stops */
	SERVER_RUNNING
};

/* The server of that folder; NULL for the default, $XDG_DATA_HOME/berth/server.
 * Neither makes nor starts anything. Removes PGHOSTADDR and PGSERVICE from the
 * environment, which would take libpq elsewhere, past the server's folder. */
bool server_open(const char *folder, struct server **server, struct err *err)
    __attribute__((warn_unused_result));

/* Forgets it; the server goes on. Takes NULL. */
void server_close(struct server *s);

/* Limits every wait to that steady time; TIME_NONE lifts the limit. */
void server_set_deadline(struct server *s, int64_t deadline);

/* Returns whether it has been made. */
bool server_exists(const struct server *s);

/* Makes it if needed, starts it if needed, and returns when it takes connections. */
bool server_start(struct server *s, struct err *err) __attribute__((warn_unused_result));

/* Ends its sessions and stops it; true when it was not running. */
bool server_stop(struct server *s, struct err *err) __attribute__((warn_unused_result));

/* Stops it and removes the folder with all its data. */
bool server_remove(struct server *s, struct err *err) __attribute__((warn_unused_result));

enum server_state server_state(const struct server *s);
const char *server_state_name(enum server_state state);

/* Of its first process; 0 while it is stopped. */
int64_t server_pid(const struct server *s);

/* The absolute path. */
const char *server_path(const struct server *s);

/* How to reach it, for struct conn_options: host, port, user and dbname, the
 * last one NULL. Borrowed; the server must stay open while they are in use. */
const char *const *server_keywords(void) __attribute__((returns_nonnull));
const char *const *server_values(const struct server *s);

#endif
