/*
 * The history: every call of a client, with its request, its times, and its answer.
 *
 * A call requests one deed, or in a batch several that happen together or not at all. Times are the
 * harness's steady time, so that calls can be ordered whatever the server's clock says.
 *
 * Many threads add calls; the checker reads them when all have ended.
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
	DEED_RELEASE, /* of leases, or of all in a pool */
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

/* Ends of a call other than an exit code. */
enum { CODE_OPEN = -1, CODE_KILLED = -2, CODE_DIED = -3 };

struct deed {
	enum deed_kind kind;
	struct id id; /* of the lease, the command or the request */
	struct id targets[DEED_TARGETS];
	size_t target_count;
	char pool[NAME_ROOM];  /* allocate: the pool; release without targets: all in it */
	char value[NAME_ROOM]; /* allocate: the requested value; label: a text that no other call sets */
	char project[NAME_ROOM];
	int64_t count;      /* allocate: count */
	int64_t span;       /* allocate, extend: microseconds; 0 for no end */
	int64_t generation; /* the expected one; 0 for any */
	bool wait;          /* with --wait */
};

/* A lease in an answer. */
struct told_lease {
	struct id id;
	char pool[NAME_ROOM];
	char value[NAME_ROOM]; /* "" while pending */
	char state[16];
	int64_t generation;
	bool replayed;
};

/* A command in an answer. */
struct told_command {
	struct id id;
	char state[16];
	char outcome[16]; /* "" before the end */
	bool bulk;
};

struct call {
	size_t number; /* from 1, by the time of beginning */
	size_t client;
	bool program; /* a process, else functions of the program in ours */
	struct deed deeds[CALL_DEEDS];
	size_t deed_count;
	struct id batch; /* of a batch, else nil */
	char *line;      /* the command line, for people */
	int64_t began;
	int64_t ended;
	int code; /* the exit code, or one of the above */
	char error[24];
	struct told_lease *leases;
	size_t lease_count;
	struct told_command *commands;
	size_t command_count;
	char *said; /* standard error */
};

struct history;

/* Creates a history. Calls are also written to the file, which is borrowed; NULL for none. */
struct history *history_new(FILE *file) __attribute__((returns_nonnull, warn_unused_result));
void history_free(struct history *h); /* takes NULL */

/* Adds a copy of the call, with its number and begin time. The copy does not move. */
struct call *history_begin(struct history *h, const struct call *call) __attribute__((returns_nonnull));

/* Ends a call that has its code and answer. */
void history_end(struct history *h, struct call *call);

/* Adds a fault or another event beside the calls. */
void history_note(struct history *h, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For a history to which no more calls are added. */
size_t history_count(const struct history *h);
struct call *history_at(const struct history *h, size_t i) __attribute__((returns_nonnull));

/* Appends a lease or command to the answer, to be filled in. */
struct told_lease *call_add_lease(struct call *call) __attribute__((returns_nonnull));
struct told_command *call_add_command(struct call *call) __attribute__((returns_nonnull));

/* Returns the id of the n-th lease of an allocation; the first has the deed's id. */
struct id deed_lease(const struct deed *deed, int64_t n);

/* Returns true when the id occurs in the call, its targets or its answer. */
bool call_is_about(const struct call *call, struct id id);

/* Returns true when the answer says that it was done. */
bool call_is_acknowledged(const struct call *call);

/* Returns true when the answer says that nothing was done and nothing will be. */
bool call_is_denied(const struct call *call);

void call_print(const struct call *call, FILE *out);

#endif
