/*
 * Connection strings: checking one without a server, and a timeout for each of its hosts.
 *
 * libpq tries the next host by itself when one refuses, but has no timeout for a host that does not answer
 * when it may not block.  Such a host is dropped from the lists, and connecting starts again with the rest.
 */
#ifndef DB_CONN_CONNINFO_H
#define DB_CONN_CONNINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct pg_conn; /* libpq's PGconn */

/* Checks that libpq can parse the value of a `dbname`; a plain name always passes. The error does not show
 * the string, which may hold a password. */
bool conninfo_check(const char *dbname, struct err *err) __attribute__((warn_unused_result));

/* Returns the value of a `dbname` without its passwords, usable as a `dbname`; "" when libpq cannot parse it.
 * Owned by the caller. */
char *conninfo_public(const char *dbname);

/* Returns true when the value of a `dbname` is a connection string, and not the name of a database. */
bool conninfo_is_string(const char *dbname);

/* Returns true when the value of a `dbname` holds a password. */
bool conninfo_has_secret(const char *dbname);

/* Settings of a connection, owned. `struct conninfo c = {0}` has none. */
struct conninfo {
	char **keywords;
	char **values;
	size_t count;
};

/* Adds a setting; the second one all those of a connection string, which conninfo_check() has passed. */
void conninfo_add(struct conninfo *c, const char *keyword, const char *value);
void conninfo_add_string(struct conninfo *c, const char *dbname);

/* Returns the value of a keyword, or NULL. */
const char *conninfo_value(const struct conninfo *c, const char *keyword);
void conninfo_release(struct conninfo *c);

/* A keyword of connection strings. */
struct conninfo_keyword {
	char *name;
	bool secret; /* its value is a password */
};

/* Returns all keywords that this libpq knows, `count` of them, to be freed by the caller. */
struct conninfo_keyword *conninfo_keywords(size_t *count) __attribute__((returns_nonnull));
void conninfo_keywords_free(struct conninfo_keyword *keywords, size_t count);

/* Checks a list of ports, one for each host, separated by commas. The error does not show the text, since -p
 * is a password in other programs. */
bool ports_check(const char *text, struct err *err) __attribute__((warn_unused_result));

/* The keywords of struct hosts for PQconnectStartParams(), ended by NULL. */
enum { HOSTS_NAMES, HOSTS_ADDRESSES, HOSTS_PORTS, HOSTS_LISTS };
extern const char *const hosts_keywords[HOSTS_LISTS + 1];

/* The hosts still to try, as libpq's lists: of equal length, or empty, or one port for all. The strings are
 * owned, and never NULL unless the whole struct is zero. */
struct hosts {
	char *lists[HOSTS_LISTS];
	size_t count;
};

/* Replaces them by the hosts of a connection, from whatever source libpq took them: options, connection
 * string, environment, service file. */
void hosts_read(struct hosts *hosts, struct pg_conn *pg);

/* Drops the host that the connection is trying; false when it is the last one. */
bool hosts_drop(struct hosts *hosts, const struct pg_conn *pg) __attribute__((warn_unused_result));

void hosts_release(struct hosts *hosts);

/* Returns the timeout for each host in microseconds, from connect_timeout: at least two seconds, 0 for no
 * limit, `fallback` when it is not set. */
int64_t conninfo_timeout(struct pg_conn *pg, int64_t fallback);

/* Returns true when target_session_attrs restricts the hosts. */
bool conninfo_is_choosy(struct pg_conn *pg);

#endif
