/*
 * The row that a new connection begins with: a part of db/batch/rows.h.
 */
#ifndef DB_BATCH_ROWS_HELLO_H
#define DB_BATCH_ROWS_HELLO_H

#include <stdbool.h>
#include <stdint.h>

/* What a connection has reached. */
struct hello {
	const char *user;
	const char *database;
	int64_t schema; /* its version; 0 for none */
	bool migrates;  /* it is older than this berth, and a migration is running */
	int64_t pid;    /* of the server's process, with its start: an identity */
	int64_t started;
	int64_t system;   /* the cluster's own number; a copy of its files has the same */
	int64_t timeline; /* of its history, which branches when a standby is promoted; 0: it is a standby */
	int64_t place;    /* on that timeline, in bytes of the log that are on the disk; 0: it is a standby */
	bool confirms;    /* a commit waits for a synchronous standby */
};

#endif
