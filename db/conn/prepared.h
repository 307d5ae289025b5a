/*
 * The named statements of a session: private to db/.
 *
 * The server parses and plans a statement without a name anew each time. A query that is marked `:hot` in
 * db/sql is parsed once a session instead, on its first use, and run by its name from then on.
 *
 * The name is a digest of the text, so whoever uses the same server session means the same statement by it.
 * A pooler that gives sessions away after each transaction may not carry names along: then the name is
 * unknown to the next session (26000), or known already (42P05). Either undoes the whole batch, which is run
 * again without names, as everything after it on this connection. Through a pooler a query gets its name with
 * the second batch that has it, so that a program which sends one batch leaves nothing behind.
 *
 * A change of the schema can give a statement other columns than those it was parsed with (0A000). It is then
 * parsed anew, under another name, since the old one is taken.
 */
#ifndef DB_CONN_PREPARED_H
#define DB_CONN_PREPARED_H

#include <stdbool.h>

#include "gen/queries.h"

struct prepared_statement;

struct prepared {
	bool off;       /* the pooler does not carry names along */
	bool is_pooled; /* the session is reached through a pooler */
	unsigned epoch; /* part of the names: the number of changes of the schema that were noticed */
	struct prepared_statement *statements; /* one a query, or NULL before the first use */
};

/* The way in which a query is sent. */
struct prepared_use {
	const char *name; /* borrowed; NULL: without a name */
	bool parse;       /* send the statement under this name first */
	bool fresh;       /* it is parsed in this batch */
};

/* Returns how a query is to be sent next. */
struct prepared_use prepared_use(struct prepared *p, enum query query);

/* The server has parsed the statement under its name. */
void prepared_done(struct prepared *p, enum query query);

/* The batch has ended: whatever was sent and not parsed has no name. */
void prepared_settle(struct prepared *p);

/* Returns true when this error of a query that was sent by its name is due to the name, and makes the next
 * use of it right: the batch is to be run again. */
bool prepared_failed(struct prepared *p, bool fresh, const char *sqlstate);

/* Forgets the names, for a new session. */
void prepared_release(struct prepared *p);

#endif
