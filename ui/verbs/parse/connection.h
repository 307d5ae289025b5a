/*
 * From the options of the command line to how libpq is called.
 *
 * Everything is handed on as it came: libpq knows the environment, service
 * files, .pgpass and connection strings, and what is explicit wins.  Ours are
 * only the defaults for a network that fails silently, which a connection
 * string may override.
 */
#ifndef UI_VERBS_PARSE_CONNECTION_H
#define UI_VERBS_PARSE_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "db/conn/conn.h"

struct args;
struct server;

enum { CONNECT_PAIRS = 24 };

struct connect {
	struct conn_options options; /* its arrays are below */
	const char *keywords[CONNECT_PAIRS];
	const char *values[CONNECT_PAIRS];
	char *password;        /* asked for; NULL for none */
	struct server *server; /* of --local, started; else NULL */
};

/* How to treat the server of --local. */
struct connect_wish {
	bool make;        /* make it where there is none */
	int64_t deadline; /* steady time until which to wait for it, or TIME_NONE */
};

/* Fills c, which must stay where it is while its options are in use. With
 * --local it starts the server, but creates it only as wished; with -W it asks on the terminal. */
bool connect_init(struct connect *c, const struct args *args, const struct connect_wish *wish,
    struct err *err) __attribute__((warn_unused_result));

/* The same for a private server that runs already. */
void connect_to(struct connect *c, struct server *server);

void connect_release(struct connect *c);

#endif
