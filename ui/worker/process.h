/*
 * A child process that runs beside the loop, with a deadline.
 *
 * It reads a text on its standard input; its standard output is discarded, and the end of its standard error
 * is kept.  Of the environment it gets PATH and LANG.
 *
 * At the deadline its process group gets SIGTERM, and SIGKILL two seconds later.  Processes that it leaves
 * when it ends in time are not waited for.  It gets SIGTERM when this process dies.
 */
#ifndef UI_WORKER_PROCESS_H
#define UI_WORKER_PROCESS_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "db/base/child.h"
#include "ui/worker/last_output.h"

struct buf;
struct err;

/* Microseconds between SIGTERM and SIGKILL. */
#define PROCESS_GRACE 2000000

struct launch {
	int folder;              /* open; holds the program, and is its working directory */
	const char *name;        /* of the program in the folder */
	const char *const *argv; /* ended by NULL */
	const char *input;
	int64_t time; /* most microseconds that it may run */
};

/*
 * Invariants: the process group is ours to signal until `ended`; `child.handle` is open until the process was
 * reaped, `errors` until `ended`.
 */
struct process {
	struct child child;
	int errors; /* our end of its standard error */
	int64_t time;
	int64_t deadline; /* steady time */
	int64_t kill_at;  /* steady time of the SIGKILL; TIME_NONE before the SIGTERM and after the SIGKILL */
	bool late;        /* the deadline has passed */
	bool terminated;  /* we have sent SIGTERM */
	bool ended;
	int status; /* wait status, once it was reaped */
	struct last_output output;
};

#define PROCESS_POLLS 2

/* Starts it. On failure there is nothing to release. */
bool process_start(struct process *p, const struct launch *launch, struct err *err)
    __attribute__((warn_unused_result));

/* Return what to poll for, and until when. */
void process_polls(const struct process *p, struct pollfd fds[PROCESS_POLLS]);
int64_t process_deadline(const struct process *p);

/* Makes progress without waiting; fds as poll() left them. */
void process_step(struct process *p, const struct pollfd fds[PROCESS_POLLS]);

/* Sends SIGTERM to the group, once. */
void process_terminate(struct process *p);

/* Returns true when an ended process exited with 0 before its deadline. */
bool process_succeeded(const struct process *p);

/* Appends how it ended: "exit 3: ...", "signal 9", "deadline of 30s passed: ...". */
void process_describe(const struct process *p, struct buf *out);

/* Kills it if it still runs, and waits for its end. */
void process_release(struct process *p);

#endif
