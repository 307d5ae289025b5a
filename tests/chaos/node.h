/*
 * One PostgreSQL server of the harness: its folder with socket, log and data, its process, which is our
 * child, and its proxy.
 */
#ifndef TESTS_CHAOS_NODE_H
#define TESTS_CHAOS_NODE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "db/base/err.h"
#include "db/server/pg_program.h"

struct proxy;
struct pg_conn;

/* Shared by the servers. */
struct site {
	char *folder;
	char *bin; /* of PostgreSQL's programs */
	struct pg_user user;
	char *shim;      /* the library that shifts the clock */
	char *clock;     /* the clock's file */
	int64_t *offset; /* and its mapping: microseconds */
	int64_t disk;    /* size of each server's disk in bytes; 0: no separate disks */
};

bool site_open(struct site *s, const char *folder, const char *shim, struct err *err)
    __attribute__((warn_unused_result));
void site_close(struct site *s);

struct node {
	const struct site *site;
	char *folder; /* of the socket and the log */
	char *disk;   /* mounted, or a plain folder */
	char *data;
	int log;
	pid_t pid; /* 0: it does not run */
	bool mounted;
	struct proxy *proxy;
};

bool node_make(struct node *s, const struct site *site, const char *name, struct err *err)
    __attribute__((warn_unused_result));
void node_remove(struct node *s); /* kills it, if it runs */

/* Creates a cluster in its folder. */
bool node_init(struct node *s) __attribute__((warn_unused_result));

/* Starts it and waits until it accepts connections. False: it does not. */
bool node_up(struct node *s) __attribute__((warn_unused_result));

/* Stops it: by SIGQUIT like a crash, by SIGINT cleanly. */
void node_down(struct node *s, int by);

/* Returns true while its process runs; reaps one that has ended by itself. */
bool node_runs(struct node *s);

/* Runs one of PostgreSQL's programs as the server's user; argv[0] is its name only. */
bool node_tool(const struct node *s, const char *const *argv) __attribute__((warn_unused_result));

/* Connects directly as superuser; NULL when that fails. */
struct pg_conn *node_connect(const struct node *s);

/* Returns the first value of a query, owned by the caller; NULL when the server does not answer. */
char *node_ask(const struct node *s, const char *sql) __attribute__((warn_unused_result));
bool node_says(const struct node *s, const char *sql, const char *expected);

/* Repeats a query until it returns that value; false: not in time (microseconds). */
bool node_await(const struct node *s, const char *sql, const char *expected, int64_t patience);

/* Fill the disk, and free the space again. */
bool node_fill(struct node *s);
void node_drain(struct node *s);

#endif
