/*
 * A server behind a proxy that cuts connections.
 */
#ifndef TESTS_LIB_CUTS_H
#define TESTS_LIB_CUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "db/conn/conn.h"
#include "tests/lib/proxy.h"

struct database;

struct cuts {
	struct database *database;
	struct conn *direct;
	struct proxy *proxy;
};

/* Creates a database with a pool `a` of a million numbers, and the proxy. */
struct cuts *cuts_new(void) __attribute__((returns_nonnull, warn_unused_result));
void cuts_free(struct cuts *p);

/* Returns a ready connection through the proxy. */
struct conn *cuts_connect(struct cuts *p) __attribute__((returns_nonnull, warn_unused_result));

/* Waits until the server process that had the request is gone. */
void cuts_await_end(struct cuts *p, struct server_process process);

/* Sends a batch over a connection that is cut after so many bytes. False: err is one of the possible errors.
 * `cut`: that many bytes were sent. */
bool cuts_send(struct cuts *p, struct batch *b, enum proxy_way way, size_t after, bool *cut,
    struct server_process *process, struct err *err) __attribute__((warn_unused_result));

#endif
