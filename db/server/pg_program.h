/*
 * Runs PostgreSQL's programs as the owner of a private server.
 *
 * initdb and postgres refuse to run as root, so root's servers belong to an unprivileged user, who often
 * cannot reach the server's folder: /root is closed to others.  A program therefore gets the folder as an
 * open descriptor and names it PG_PROGRAM_FOLDER, a path that the kernel resolves without walking there. That
 * path is also short and plain, as pg_ctl (which uses a shell) and Unix sockets (107 bytes) need.
 *
 * A program has a process group of its own, so that Ctrl-C does not leave a half-made cluster.
 */
#ifndef DB_SERVER_PG_PROGRAM_H
#define DB_SERVER_PG_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "db/base/err.h"

#define PG_PROGRAM_FOLDER "/proc/self/fd/3"

/* The owner of a server, who runs its programs. */
struct pg_user {
	uid_t uid;
	gid_t gid;
	bool drop; /* we are root and must change to this user */
};

struct pg_program {
	const char *bin;         /* folder of the program, from pg_install_find(); NULL: /bin */
	const char *const *argv; /* the program's name and its arguments, ended by NULL */
	const char *input;       /* its standard input; NULL for none */
	struct pg_user user;
	int folder; /* the server's folder */
	int lock;   /* kept open by the program, so that the lock outlives us; -1 for none */
	int log;    /* open for reading and appending; takes its output */
};

/* Runs it to its end; at the deadline (steady time) it is stopped. Fails with `unavailable` or `timeout` and
 * the reason from the log. */
bool pg_program_run(const struct pg_program *tool, int64_t deadline, struct err *err)
    __attribute__((warn_unused_result));

#endif
