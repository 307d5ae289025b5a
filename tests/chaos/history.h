/*
 * The history: every call that a client made, with what it asked for, when it
 * began and ended, and what it was told.
 *
 * A call asks for one deed, or in a batch for several that happen together or
 * not at all.  Times are steady time of the harness, so that a call which ended
 * before another one began came first, whatever the clock of the server says.
 *
 * Calls are added by many threads; the checker reads them when all have ended.
 */
#ifndef TESTS_CHAOS_HISTORY_H
#define TESTS_CHAOS_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "db/base/id.h"

enum deed_kind {
	DEED_ALLOCATE,
	DEED_RELEASE, /* of leases, or of all that a pool has */
	DEED_EXTEND,
	DEED_CORDON,
	DEED_UNCORDON,
	DEED_CANCEL,
	DEED_LABEL,
	DEED_MEND, /* retry, skip or force of a quarantined command */
	DEED_KINDS
};

extern const char *const deed_names[DEED_KINDS];

enum { DEED_TARGETS = 6, CALL_DEEDS = 6, NAME_ROOM = 48 };

/* How a call can end other than by an exit code. */
enum { CODE_OPEN = -1, CODE_KILLED = -2, CODE_DIED = -3 };

struct deed {
	enum deed_kind kind;
	struct id id; /* the key: of the lease, the command or the request */
	struct id targets[DEED_TARGETS];
	size_t target_count;
	char pool[NAME_ROOM]; /* allocate: from where; release: all that it has, where there are no targets */
	char value[NAME_ROOM]; /* allocate: this very one; label: the text, which no other call sets */
	char project[NAME_ROOM];
	int64_t count;      /* allocate: how many */
	int64_t span;       /* allocate, extend: microseconds that it lasts; 0 for no end */
	int64_t generation; /* the one that is expected; 0 for any */
	bool wait;          /* with --wait */
};

/* A lease, as a client was told of it. */
struct told_lease {
	struct id id;
	char pool[NAME_ROOM];
	char value[NAME_ROOM]; /* "" while it waits */
	char state[16];
	int64_t generation;
	bool replayed;
};

/* A command, likewise. */
struct told_command {
	struct id id;
	char state[16];
	char outcome[16]; /* "" before the end */
	bool bulk;
};

struct call {
	size_t number; /* from 1, in the order of the beginnings */
	size_t client;
	bool program; /* a process of its own, else the program's functions in ours */
	struct deed deeds[CALL_DEEDS];
	size_t deed_count;
	struct id batch; /* of a batch; else nil */
	char *line;      /* what was called, for people */
	int64_t began;
	int64_t ended;
	int code; /* the exit code, or one of the above */
	char error[24];
	struct told_lease *leases;
	size_t lease_count;
	struct told_command *commands;
	size_t command_count;
	char *said; /* on standard error */
};

struct history;

/* Writes each call into this file too, which is borrowed; NULL for none. */
struct history *history_new(FILE *file) __attribute__((returns_nonnull, warn_unused_result));
void history_free(struct history *h); /* takes NULL */

/* Takes a copy, with the line, and gives it a number and a beginning. The call stays where it is. */
struct call *history_begin(struct history *h, const struct call *call) __attribute__((returns_nonnull));

/* The call has ended: its code and what it was told are there. */
void history_end(struct history *h, struct call *call);

/* A fault, or whatever else happened beside the calls. */
void history_note(struct history *h, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For those that nobody adds to any more. */
size_t history_count(const struct history *h);
struct call *history_at(const struct history *h, size_t i) __attribute__((returns_nonnull));

/* What is said of a lease, at the end of the array, to be filled. */
struct told_lease *call_add_lease(struct call *call) __attribute__((returns_nonnull));
struct told_command *call_add_command(struct call *call) __attribute__((returns_nonnull));

/* The n-th lease of a deed that allocates: the first has the deed's own id. */
struct id deed_lease(const struct deed *deed, int64_t n);

/* Whether the id is one of the call's, of what it is about, or of what it was told. */
bool call_is_about(const struct call *call, struct id id);

/* Done, and told so. */
bool call_is_acknowledged(const struct call *call);

/* It was told that nothing was done, and that nothing will be. */
bool call_is_denied(const struct call *call);

void call_print(const struct call *call, FILE *out);

#endif
