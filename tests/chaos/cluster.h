/*
 * Two servers, one of which takes writes while the other one follows it and has
 * to have each commit before it is acknowledged.
 *
 * A promotion stops the primary first, then promotes the standby; the old
 * primary comes back as the new standby, by pg_rewind or pg_basebackup.
 * Meanwhile there is one server, and nothing is promoted.
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
	bool follows; /* the standby has all that was acknowledged, and each commit waits for it */
};

/* Begins a cluster in the folder, with a standby that follows. */
bool cluster_open(struct cluster *c, const char *folder, const char *shim, int64_t disk, struct err *err)
    __attribute__((warn_unused_result));
void cluster_close(struct cluster *c);

struct node *cluster_primary(struct cluster *c) __attribute__((returns_nonnull));
struct node *cluster_standby(struct cluster *c) __attribute__((returns_nonnull));

/* A connection string for all servers, which the caller frees. */
enum {
	BY_PROXY = 1, /* by the ways that can be cut */
	ANY_SERVER =
	    2,       /* also to one that takes no writes: it is left to the program to go on to the other */
	REVERSED = 4 /* the second one first */
};
char *cluster_address(const struct cluster *c, unsigned how)
    __attribute__((returns_nonnull, warn_unused_result));

/* The standby takes over; false: it has not, as it did not follow. */
bool cluster_promote(struct cluster *c, bool rewind);

/* Makes the server that does not run the standby, and waits until it follows. */
bool cluster_rebuild(struct cluster *c, bool rewind);

/* The standby goes and comes back. Whoever commits meanwhile waits. */
void cluster_drop_standby(struct cluster *c);
bool cluster_return_standby(struct cluster *c);

/* Brings up whatever of both should run and does not. */
bool cluster_mend(struct cluster *c);

#endif
