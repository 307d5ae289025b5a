/*
 * Connection strings, as far as libpq leaves something to do: judging one
 * without a server, and giving each of its hosts a time of its own.
 *
 * libpq goes to the next host by itself when one refuses.  It counts the time
 * only where it may block, so that a host that says nothing is ours to leave:
 * it is taken out of the lists, and connecting begins again with what is left.
 */
#ifndef DB_CONN_CONNINFO_H
#define DB_CONN_CONNINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct pg_conn; /* libpq's PGconn */

/* Whether libpq understands the value of a `dbname`; a bare name it always
 * does. Says nothing about what it would find there. The error shows nothing of
 * the string, which may hold a password. */
bool conninfo_check(const char *dbname, struct err *err) __attribute__((warn_unused_result));

/* Returns the value of a `dbname` without its passwords, fit to be used again; "" for one that libpq does not
 * understand. Owned by the caller. */
char *conninfo_public(const char *dbname);

/* Checks a list of ports, one for each host, separated by commas: libpq would refuse a malformed one too, but
 * as if the server were not there. The error does not show it, since for other programs -p is a password. */
bool ports_check(const char *text, struct err *err) __attribute__((warn_unused_result));

/* For struct hosts and PQconnectStartParams(); the last one NULL. */
enum { HOSTS_NAMES, HOSTS_ADDRESSES, HOSTS_PORTS, HOSTS_LISTS };
extern const char *const hosts_keywords[HOSTS_LISTS + 1];

/* The hosts still to be tried, as libpq's lists: of equal length, or empty, or
 * one port for all. Strings are owned and never NULL, unless all of it is zero. */
struct hosts {
	char *lists[HOSTS_LISTS];
	size_t count;
};

/* Those of a connection, however it has come to them: options, connection
 * string, environment, service file. Replaces what was there. */
void hosts_read(struct hosts *hosts, struct pg_conn *pg);

/* Without the one that the connection is about; false when it is the last. */
bool hosts_drop(struct hosts *hosts, const struct pg_conn *pg) __attribute__((warn_unused_result));

void hosts_release(struct hosts *hosts); /* takes an empty one too */

/* How long each of them may take, in microseconds, as connect_timeout says:
 * two seconds at least, 0 for no limit, `fallback` where nothing is said. */
int64_t conninfo_timeout(struct pg_conn *pg, int64_t fallback);

/* Whether the connection is to be to hosts of one sort only (target_session_attrs). */
bool conninfo_is_choosy(struct pg_conn *pg);

#endif
