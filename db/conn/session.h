/*
 * The session of a struct conn: private to db/.
 *
 * It connects, greets the server and learns which one it has reached, notices when it is lost, and tries
 * again without end.  While a batch is running, submission.c reads the socket, and calls session_lose() when
 * the connection breaks.
 *
 * Each of several hosts has its own timeout.  For changes, a host that accepts them is tried first, and any
 * host when there is none, so that a standby can still be read; the search is repeated from time to time.
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
#include "db/conn/prepared.h"

#define SESSION_PAIRS 140

enum session_state { SESSION_DOWN, SESSION_CONNECTING, SESSION_GREETING, SESSION_UP };

/*
 * Invariants: pg is NULL only in SESSION_DOWN. hello and pipeline are in use only in SESSION_GREETING.
 * trouble is empty in SESSION_UP.
 */
struct session {
	char *keywords[SESSION_PAIRS]; /* the last one NULL */
	char *values[SESSION_PAIRS];

	struct hosts hosts;   /* not yet timed out in the current round */
	const char *host;     /* the host being tried, as libpq names it; only compared */
	int64_t each;         /* timeout for each host, 0 for none */
	bool wants_primary;   /* prefer a host that accepts changes */
	bool knows_hosts;     /* the number of hosts is known */
	bool only_writable;   /* try only hosts that accept changes in this round */
	bool always_writable; /* ... in every round: other hosts count as lost */

	bool notified; /* a NOTIFY has come since the last conn_notified() */
	char *warning; /* the server's warning that the standby did not confirm a commit, or NULL */

	PGconn *pg;
	enum session_state state;
	PostgresPollingStatusType polling;
	int64_t deadline; /* while connecting and greeting: their end; while down: the next try; while up: the
			   * next search for a host that accepts changes, or TIME_NONE */
	struct backoff backoff;
	struct backoff search;
	struct err trouble;

	struct batch *hello;
	struct pipeline pipeline;
	struct prepared prepared; /* of pg */

	bool writes; /* the user may change something there */
	char *user;  /* this and the rest: of the last server reached */
	char *database;
	char *server;
	struct server_process process;
	bool direct; /* not through a pooler */
	struct server_history history;
	bool confirms;  /* commits wait for a synchronous standby */
	int64_t whole;  /* steady time: every change from before it is there; TIME_NONE: not known */
	int64_t place;  /* in its log, at the last read */
	int64_t behind; /* age of what the last read could see, in microseconds; 0 where changes are made */
};

void session_init(struct session *session, const struct conn_options *options);
void session_release(struct session *session);

/* Makes progress without waiting. While it is up, reads unsolicited messages: the end of the connection, or
 * nothing that matters. */
void session_step(struct session *session, short revents);

/* Takes the NOTIFYs that libpq has read; they may come between the answers to a batch. */
void session_take_notifies(struct session *session);

/* Returns what to poll for while no batch is running. */
short session_events(const struct session *session);

/* Starts or stops the search for a host that accepts changes; call it after an answer, while it is up. */
void session_check_writable(struct session *session);

/* Notes what an answer that has ended tells about the server. */
void session_saw(struct session *session, const struct pipeline *answer);

/* Greets the server again, while it is up and idle, to see the version of the schema. It ends up again, or
 * lost with the reason. */
void session_greet_again(struct session *session);

bool session_is_standby(const struct session *session);

/* Returns why the server accepts no changes; NULL when it does, as far as is known. */
const char *session_read_only(const struct session *session);

/* Hangs up on a server that accepts no changes, and tries again later. */
void session_refuse(struct session *session, const char *why);

/* Hangs up, remembers why (NULL: libpq's message), and tries again later. */
void session_lose(struct session *session, const char *why);

#endif
