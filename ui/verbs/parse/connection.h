/*
 * Turns the options of the command line into arguments for libpq.
 *
 * Every option is passed on unchanged: libpq knows the environment, service files, .pgpass and connection
 * strings, and explicit settings win. The only settings added here are those of the profile, which options
 * override, and the defaults for a network that fails silently, which a connection string may override.
 *
 * A profile that names a server hides the variables of the environment that name one: a host of the file with
 * the address of a variable would be another server. For the same reason -h replaces host, hostaddr and port
 * of the profile together, and a connection string after -d replaces all of its connection.
 */
#ifndef UI_VERBS_PARSE_CONNECTION_H
#define UI_VERBS_PARSE_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "db/conn/conn.h"

struct args;
struct profile;
struct server;

enum { CONNECT_PAIRS = 128, CONNECT_HIDDEN = 4 };

struct connect {
	struct conn_options options; /* its arrays are below */
	const char *keywords[CONNECT_PAIRS];
	const char *values[CONNECT_PAIRS];
	char *password;               /* typed on the terminal; NULL for none */
	struct server *server;        /* the started server of --local, else NULL */
	bool hides;                   /* the environment's server, see connect_hide() */
	char *hidden[CONNECT_HIDDEN]; /* the values that are hidden */
};

/* The treatment of the server of --local. */
struct connect_wish {
	bool make;        /* create it when there is none */
	int64_t deadline; /* steady time of the end of the wait, or TIME_NONE */
};

/* Fills c, which must stay in place while its options are in use, as the arguments and the profile (NULL:
 * none), from which it borrows. With --local it starts the server, and creates it only if `make` is set; with
 * -W it asks on the terminal. */
bool connect_init(struct connect *c, const struct args *args, const struct profile *profile,
    const struct connect_wish *request, struct err *err) __attribute__((warn_unused_result));

/* Fills c with a profile alone, from which it borrows. */
void connect_to_profile(struct connect *c, const struct profile *profile);

/* The same for a profile of a fleet, with the user of the arguments (NULL: none): it changes nothing, and no
 * server of the environment counts, whatever the profile names. */
void connect_to_member(struct connect *c, const struct profile *profile, const struct args *args);

/* Fills c with the connection for reads: the `reads` of the profile, or with --standby the servers of the
 * other connection, a standby first. It borrows from all of them; args and primary may be NULL. False: there
 * is none, or an option names another server. */
bool connect_reads(
    struct connect *c, const struct connect *primary, const struct args *args, const struct profile *profile);

/* Hide the variables of the environment that name a server, where the profile names one, and show them again.
 * Filling c hides, and releasing it shows them. */
void connect_hide(struct connect *c);
void connect_show(struct connect *c);

/* Gives the arguments the defaults of the profile that are options. False: they exclude each other. */
bool connect_default(struct args *args, const struct profile *profile, struct err *err)
    __attribute__((warn_unused_result));

/* Fills c for a private server that already runs. */
void connect_to(struct connect *c, struct server *server);

void connect_release(struct connect *c);

#endif
