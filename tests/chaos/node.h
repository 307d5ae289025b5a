/*
 * One PostgreSQL server of the harness: its folder with the socket, the log and
 * the data, its process, which is a child of ours, and the way to it that can
 * be cut.
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

/* What the servers share. */
struct site {
	char *folder;
	char *bin; /* of PostgreSQL's programs */
	struct pg_user user;
	char *shim;      /* the library that shifts the clock */
	char *clock;     /* its file, */
	int64_t *offset; /* mapped here: microseconds */
	int64_t disk;    /* size of each server's disk, bytes; 0: they have none of their own */
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

/* A new cluster in its folder. */
bool node_init(struct node *s) __attribute__((warn_unused_result));

/* Starts it and waits until it takes connections. False: it does not. */
bool node_up(struct node *s) __attribute__((warn_unused_result));

/* Stops it by this signal: SIGQUIT as if the machine had stopped, SIGINT in good order. */
void node_down(struct node *s, int by);

/* Whether its process runs; one that has ended by itself is buried. */
bool node_runs(struct node *s);

/* One of PostgreSQL's programs, as the server's user; argv[0] is its name alone. */
bool node_tool(const struct node *s, const char *const *argv) __attribute__((warn_unused_result));

/* A connection beside the proxy, as the superuser; NULL when there is none to be had. */
struct pg_conn *node_connect(const struct node *s);

/* The first value that the server answers with, which the caller frees; NULL when it does not answer. */
char *node_ask(const struct node *s, const char *sql) __attribute__((warn_unused_result));
bool node_says(const struct node *s, const char *sql, const char *expected);

/* Asks until that is the answer; false: it was not, in time (microseconds). */
bool node_await(const struct node *s, const char *sql, const char *expected, int64_t patience);

/* Fills the disk until nothing more fits; frees it again. */
bool node_fill(struct node *s);
void node_drain(struct node *s);

#endif
