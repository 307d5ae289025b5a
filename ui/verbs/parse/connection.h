/*
 * Turns the options of the command line into arguments for libpq.
 *
 * Every option is passed on unchanged: libpq knows the environment, service files, .pgpass and connection
 * strings, and explicit settings win. The only settings added here are the defaults for a network that fails
 * silently, which a connection string may override.
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
	char *password;        /* typed on the terminal; NULL for none */
	struct server *server; /* the started server of --local, else NULL */
};

/* How to treat the server of --local. */
struct connect_wish {
	bool make;        /* create it when there is none */
	int64_t deadline; /* steady time of the end of the wait, or TIME_NONE */
};

/* Fills c, which must stay in place while its options are in use. With --local it starts the server, and
 * creates it only if `make` is set; with -W it asks on the terminal. */
bool connect_init(struct connect *c, const struct args *args, const struct connect_wish *request,
    struct err *err) __attribute__((warn_unused_result));

/* Fills c for a private server that already runs. */
void connect_to(struct connect *c, struct server *server);

void connect_release(struct connect *c);

#endif
