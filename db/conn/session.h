/*
 * The connection under a struct conn: private to db/.
 *
 * A session connects, greets the server and learns whom it has reached, notices
 * when it is lost, and tries again after a while, for ever.  What is said while
 * it is up is the business of conn.c: when a batch is running conn.c reads, and
 * says so with session_lose() when there is nothing left to read from.
 *
 * Of several hosts each has its time.  If changes are to be made it asks for
 * one that takes them first, and when there is none for any of them, so that a
 * standby can still be read; from there it looks for a better one now and then.
 */
#ifndef DB_CONN_SESSION_H
#define DB_CONN_SESSION_H

#include <libpq-fe.h>
#include <stdint.h>

#include "db/base/backoff.h"
#include "db/conn/conn.h"
#include "db/conn/conninfo.h"
#include "db/base/err.h"
#include "db/conn/pipeline.h"

#define SESSION_PAIRS 40

enum session_state { SESSION_DOWN, SESSION_CONNECTING, SESSION_GREETING, SESSION_UP };

/*
 * Invariants: pg is NULL exactly in SESSION_DOWN. hello and pipeline are in use
 * exactly in SESSION_GREETING. trouble is empty in SESSION_UP.
 */
struct session {
	char *keywords[SESSION_PAIRS]; /* the last one NULL */
	char *values[SESSION_PAIRS];

	/* Of the present try. */
	struct hosts hosts;   /* those that have not kept silent */
	const char *host;     /* libpq's name of the one whose time it is; only to be compared */
	int64_t each;         /* what each of them has, 0 for no limit */
	bool wants_primary;   /* of several hosts one that takes changes is better than one that does not */
	bool knows_hosts;     /* that is known: something has been tried before */
	bool only_writable;   /* only such a host will do in this round */
	bool always_writable; /* and in every other one: a host that takes none counts as lost */

	bool notified; /* a NOTIFY has come, and nobody has asked yet */
	char *warning; /* a commit that is not confirmed by the synchronous standby, in the server's words; or
			  NULL */

	PGconn *pg;
	enum session_state state;
	PostgresPollingStatusType polling;
	int64_t deadline; /* of the connecting and greeting, or of the next try; when up of the next look for
			   * a host that takes changes, or TIME_NONE */
	struct backoff backoff;
	struct backoff search; /* between two such looks */
	struct err trouble;

	struct batch *hello;
	struct pipeline pipeline;

	char *user; /* of the last server reached */
	char *database;
	char *server;
	struct server_process process;
	bool direct; /* no pooler stands between: the session is ours alone */
	struct server_history history;
	bool confirms; /* its commits wait for a synchronous standby */
};

void session_init(struct session *session, const struct conn_options *options);
void session_release(struct session *session);

/* Does what can be done now. While it is up: hears what comes unasked, which is
 * the end of the connection or of no interest. */
void session_step(struct session *session, short revents);

/* While it is up, after whatever was read: notes the NOTIFYs among it, which come at any moment, also between
 * the answers to a batch, and would pile up. */
void session_take_notifies(struct session *session);

/* What to poll for while it is not running a batch. */
short session_events(const struct session *session);

/* While it is up, after an answer: the server may have become read-only, or no longer be. */
void session_check_writable(struct session *session);

/* While it is up and nothing is running: asks once more for what it has asked at first, above all for the
 * version of the schema. It is up again then, or is lost for the reason that it gives. */
void session_greet_again(struct session *session);

/* Why the server that it is connected to takes no changes; NULL when it does, as far as is known. */
const char *session_read_only(const struct session *session);

/* The server takes no changes, and that will not do: hangs up, and tries again later. */
void session_refuse(struct session *session, const char *why);

/* It is of no use any more: hangs up, remembers why, and tries again later.
 * Without a reason it is what libpq says. */
void session_lose(struct session *session, const char *why);

#endif
