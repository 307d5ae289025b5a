/*
 * What the files in a private server's folder tell of its cluster, without
 * asking the server: whether there is one, and how far it is.
 *
 * A process id in a file may be of yesterday and belong to somebody else by
 * now.  So a server that takes connections is there; one that does not is only
 * when that process is PostgreSQL's and the folder's owner runs it.
 */
#ifndef DB_SERVER_POSTMASTER_H
#define DB_SERVER_POSTMASTER_H

#include <stdint.h>

#include "db/server/server.h"

#define CLUSTER_PORT "5432"
#define CLUSTER_SOCKET ".s.PGSQL." CLUSTER_PORT

/* PostgreSQL's major version that made it; 0 when there is none. */
int64_t postmaster_version(int folder);

enum server_state postmaster_state(int folder);

/* The process that its files name; 0 for none. */
int64_t postmaster_pid(int folder);

#endif
