/*
 * Two servers: a primary and a synchronous standby, which must have each commit before it is acknowledged.
 *
 * A promotion stops the primary, then promotes the standby; the old primary comes back as the new standby,
 * by pg_rewind or pg_basebackup. Meanwhile there is one server, and nothing is promoted.
 */
#ifndef TESTS_CHAOS_CLUSTER_H
#define TESTS_CHAOS_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/chaos/node.h"

enum { SERVERS = 2 };

struct cluster {
	struct site site;
	struct node servers[SERVERS];
	size_t primary;
	bool follows; /* the standby has all acknowledged commits, and each commit waits for it */
};

/* Starts a cluster in the folder, with a standby that follows. */
bool cluster_open(struct cluster *c, const char *folder, const char *shim, int64_t disk, struct err *err)
    __attribute__((warn_unused_result));
void cluster_close(struct cluster *c);

struct node *cluster_primary(struct cluster *c) __attribute__((returns_nonnull));
struct node *cluster_standby(struct cluster *c) __attribute__((returns_nonnull));

/* Options of cluster_address(), which returns a connection string for both servers, owned by the caller. */
enum {
	BY_PROXY = 1,   /* through the proxies */
	ANY_SERVER = 2, /* also to a read-only server: the program must find the other one */
	REVERSED = 4    /* the second server first */
};
char *cluster_address(const struct cluster *c, unsigned how)
    __attribute__((returns_nonnull, warn_unused_result));

/* Promotes the standby; false: it did not follow. */
bool cluster_promote(struct cluster *c, bool rewind);

/* Rebuilds the stopped server as the standby, and waits until it follows. */
bool cluster_rebuild(struct cluster *c, bool rewind);

/* Stops and starts the standby. Commits wait meanwhile. */
void cluster_drop_standby(struct cluster *c);
bool cluster_return_standby(struct cluster *c);

/* Starts the servers that should run and do not. */
bool cluster_mend(struct cluster *c);

#endif
