/*
 * Cancelling a running query without waiting: private to db/.
 *
 * libpq's cancel opens a connection of its own and blocks until the server closes it, so it runs in a
 * detached thread.  The query may end first; then the cancel hits the next statement of that server process,
 * so nothing new may be sent before it has arrived.
 */
#ifndef DB_CONN_CANCEL_H
#define DB_CONN_CANCEL_H

#include <libpq-fe.h>
#include <stdbool.h>

struct cancel;

/* Starts a cancel. Returns NULL when it cannot be sent. */
struct cancel *cancel_send(PGconn *pg) __attribute__((warn_unused_result));

/* Returns true when it has arrived or never will, and for NULL. */
bool cancel_arrived(const struct cancel *cancel);

/* Releases the handle; the cancel itself continues. Takes NULL. */
void cancel_free(struct cancel *cancel);

#endif
