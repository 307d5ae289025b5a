/*
 * PostgreSQL's own programs, run as the user that a server of ours belongs to.
 *
 * initdb and postgres refuse to run as root, so root's servers belong to an
 * unprivileged user, who often has no way to the folder that root asks for:
 * /root is closed to him.  Therefore a program gets the folder as an open
 * descriptor and names it TOOL_FOLDER, a path that the kernel resolves without
 * walking there.  It is short and plain as well, whatever the real path is
 * like, which pg_ctl (a shell is under it) and Unix sockets (107 bytes) need.
 *
 * A program runs with the environment and signals of a fresh login, in a
 * process group of its own: Ctrl-C in the terminal ends us, not a half-made
 * cluster.
 */
#ifndef DB_SERVER_PG_PROGRAM_H
#define DB_SERVER_PG_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "db/base/err.h"

#define TOOL_FOLDER "/proc/self/fd/3"

/* Who owns a server and runs its programs. */
struct pg_user {
	uid_t uid;
	gid_t gid;
	bool drop; /* we are root and the program must not be */
};

struct pg_program {
	const char *bin;         /* folder of the program, as pg_install_find() gave it; NULL: /bin */
	const char *const *argv; /* the program's name and its arguments, ended by NULL */
	const char *input;       /* what it reads from its standard input; NULL for nothing */
	struct pg_user user;
	int folder; /* the server's folder */
	int lock;   /* kept open by the program and its children, so that a lock outlives us; -1 for none */
	int log;    /* open for reading and appending; takes what it says */
};

/* Runs it to its end, or to the deadline (steady time): then it is stopped.
 * Fails with `unavailable` or `timeout` and the reason that the log gives. */
bool pg_program_run(const struct pg_program *tool, int64_t deadline, struct err *err)
    __attribute__((warn_unused_result));

#endif
