/*
 * The connection under a struct conn: private to db/.
 *
 * A link connects, greets the server and learns whom it has reached, notices
 * when it is lost, and tries again after a while, for ever.  What is said while
 * it is up is the business of conn.c: when a batch is running conn.c reads, and
 * says so with link_lose() when there is nothing left to read from.
 *
 * Of several hosts each has its time.  If changes are to be made it asks for
 * one that takes them first, and when there is none for any of them, so that a
 * standby can still be read.
 */
#ifndef DB_LINK_H
#define DB_LINK_H

#include <libpq-fe.h>
#include <stdint.h>

#include "db/backoff.h"
#include "db/conn.h"
#include "db/conninfo.h"
#include "db/err.h"
#include "db/exchange.h"

#define LINK_PAIRS 40

enum link_state { LINK_DOWN, LINK_CONNECTING, LINK_GREETING, LINK_UP };

/*
 * Invariants: pg is NULL exactly in LINK_DOWN. hello and exchange are in use
 * exactly in LINK_GREETING. trouble is empty in LINK_UP.
 */
struct link {
	char *keywords[LINK_PAIRS]; /* the last one NULL */
	char *values[LINK_PAIRS];

	/* Of the present try. */
	struct hosts hosts; /* those that have not kept silent */
	const char *host;   /* libpq's name of the one whose time it is; only to be compared */
	int64_t each;       /* what each of them has, 0 for no limit */
	bool wants_primary; /* of several hosts one that takes changes is better than one that does not */
	bool knows_hosts;   /* that is known: something has been tried before */
	bool takes_changes; /* only such a host will do in this round */

	bool heard; /* a NOTIFY has come, and nobody has asked yet */

	PGconn *pg;
	enum link_state state;
	PostgresPollingStatusType polling;
	int64_t deadline; /* of the connecting and greeting, or of the next try; TIME_NONE when up */
	struct backoff backoff;
	struct err trouble;

	struct batch *hello;
	struct exchange exchange;

	char *user; /* of the last server reached */
	char *database;
	char *server;
	struct server_process process;
	bool direct; /* no pooler stands between: the session is ours alone */
};

void link_init(struct link *link, const struct conn_options *options);
void link_release(struct link *link);

/* Does what can be done now. While it is up: hears what comes unasked, which is
 * the end of the connection or of no interest. */
void link_step(struct link *link, short revents);

/* While it is up, after whatever was read: notes the NOTIFYs among it, which come at any moment, also between
 * the answers to a batch, and would pile up. */
void link_hear(struct link *link);

/* What to poll for while it is not running a batch. */
short link_events(const struct link *link);

/* It is of no use any more: hangs up, remembers why, and tries again later.
 * Without a reason it is what libpq says. */
void link_lose(struct link *link, const char *why);

#endif
