/*
 * The state of a private server's cluster, read from the files in its folder.
 *
 * A process id in a file may be stale and belong to another process by now.  So a server that does not accept
 * connections runs only if that process is PostgreSQL's and belongs to the owner of the folder.
 */
#ifndef DB_SERVER_POSTMASTER_H
#define DB_SERVER_POSTMASTER_H

#include <stdint.h>

#include "db/server/server.h"

#define CLUSTER_PORT "5432"
#define CLUSTER_SOCKET ".s.PGSQL." CLUSTER_PORT

/* Returns the major version of the cluster; 0 when there is none. */
int64_t postmaster_version(int folder);

enum server_state postmaster_state(int folder);

/* Returns the process id in its files; 0 for none. */
int64_t postmaster_pid(int folder);

#endif
