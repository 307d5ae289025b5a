/*
 * Asking the server to stop a query, without waiting: private to db/.
 *
 * libpq's cancel opens a connection of its own and blocks until the server has
 * closed it, so it runs in a thread that nobody waits for.  That it was sent is
 * no promise: the query may end first.  And then it hits whatever the process
 * of the server does next, so nothing new may be sent before it has arrived.
 */
#ifndef DB_CONN_CANCEL_H
#define DB_CONN_CANCEL_H

#include <libpq-fe.h>
#include <stdbool.h>

struct cancel;

/* Sends it on its way. NULL when it cannot be sent. */
struct cancel *cancel_send(PGconn *pg) __attribute__((warn_unused_result));

/* Whether it has arrived, or never will. True for NULL. */
bool cancel_arrived(const struct cancel *cancel);

/* Forgets it; it goes on. Takes NULL. */
void cancel_free(struct cancel *cancel);

#endif
