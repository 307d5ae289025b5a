/*
 * A server that is reached by way of a proxy, which cuts the connection off.
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

/* Of a database of its own, with a pool `a` of a million numbers. */
struct cuts *cuts_new(void) __attribute__((returns_nonnull, warn_unused_result));
void cuts_free(struct cuts *p);

/* A connection by way of the proxy, and ready. */
struct conn *cuts_connect(struct cuts *p) __attribute__((returns_nonnull, warn_unused_result));

/* Until the process of the server that had the request is gone, and with it all that it may still do. */
void cuts_await_end(struct cuts *p, struct server_process process);

/* Sends a batch over a connection that is cut behind so many bytes. False: err is filled, and what it says is
 * one of the things that can be said of it. `cut` tells whether it took that many. */
bool cuts_send(struct cuts *p, struct batch *b, enum proxy_way way, size_t after, bool *cut,
    struct server_process *process, struct err *err) __attribute__((warn_unused_result));

#endif
