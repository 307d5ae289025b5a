/*
 * A program that runs for us beside everything else: started, listened to,
 * ended when its time is over.
 *
 * It has a process group of its own, a text on its standard input, nobody who
 * reads its standard output, and of its standard error the end is kept.  It
 * gets no other descriptor and of the environment PATH and LANG.
 *
 * At its deadline the whole group is asked to end, and killed two seconds
 * later.  What a program leaves behind when it ends in time is its own affair:
 * nobody waits for it.  When we die it is asked to end, since nobody would see
 * its deadline.
 *
 * Its end is seen through a descriptor (pidfd), so that no signal handler is
 * needed and no process number is ever mistaken.
 */
#ifndef UI_WORKER_PROCESS_H
#define UI_WORKER_PROCESS_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "ui/worker/last_output.h"

struct buf;
struct err;

/* From the request to end to the order, in microseconds. */
#define PROCESS_GRACE 2000000

struct launch {
	int folder;              /* open; where it runs and lies */
	const char *name;        /* of its file there */
	const char *const *argv; /* ended by NULL */
	const char *input;
	int64_t time; /* that it may take, microseconds */
};

/*
 * Invariants: the group `pid` is ours to signal until `ended`; `handle` is open
 * until the process itself was reaped, `errors` until `ended`.
 */
struct process {
	pid_t pid;
	int handle;
	int errors;
	int64_t time;
	int64_t deadline; /* steady time */
	int64_t order;    /* when to kill; TIME_NONE before the request to end, and after the order */
	bool late;        /* the deadline has passed */
	bool asked;       /* to end, by us */
	bool ended;
	int status; /* as waitpid() gives it, once it was reaped */
	struct last_output said;
};

#define PROCESS_POLLS 2

/* On failure there is nothing to release. */
bool process_start(struct process *p, const struct launch *launch, struct err *err)
    __attribute__((warn_unused_result));

/* What to poll for, and until when. */
void process_polls(const struct process *p, struct pollfd fds[PROCESS_POLLS]);
int64_t process_deadline(const struct process *p);

/* Does what can be done now; fds as poll() left them. */
void process_step(struct process *p, const struct pollfd fds[PROCESS_POLLS]);

/* Asks the group to end, if that was not done before. */
void process_terminate(struct process *p);

/* Of one that has ended: whether it succeeded, and what happened: "exit 3: ...", "signal 9", "deadline of 30s
 * passed: ...", appended. */
bool process_succeeded(const struct process *p);
void process_describe(const struct process *p, struct buf *out);

/* Kills what still runs, and waits for its end. */
void process_release(struct process *p);

#endif
