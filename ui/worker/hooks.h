/*
 * The hooks that a worker runs, from the claim to the report of their end.
 *
 * An ended run stays here until the server knows of it, also through a long outage; the server refuses
 * reports that are too late.  A hook that cannot be started has failed at once.
 */
#ifndef UI_WORKER_HOOKS_H
#define UI_WORKER_HOOKS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/base/id.h"
#include "ui/worker/process.h"

struct command;
struct job;
struct lease;

enum hooks_state {
	HOOKS_RUNNING,
	HOOKS_SUCCEEDED,
	HOOKS_FAILED,
	HOOKS_RETURNED /* stopped because the worker ends: its claim is to be returned */
};

struct hook_run {
	struct hook_run *next;
	enum hooks_state state;
	struct id command;
	struct id lease;
	int64_t epoch;
	int64_t attempt;
	char *hook;
	char *event;
	char *result;      /* how it ended; NULL while it runs */
	int64_t again;     /* when to report it: steady time, 0 for at once */
	int refused;       /* count of reports that the server refused */
	bool reported;     /* the server may know it already: the answer was lost */
	size_t poll_index; /* of its descriptors among those polled; SIZE_MAX for none */
	struct process process;
};

struct hooks {
	const char *folder;    /* absolute; NULL: hooks are not run */
	size_t room;           /* most runs at once */
	int64_t time;          /* most microseconds for each */
	struct hook_run *runs; /* in the order of their claims */
	size_t count;
	bool leaving;
};

void hooks_init(struct hooks *hooks, const char *folder, size_t room, int64_t time);

/* Kills the hooks that still run. */
void hooks_release(struct hooks *hooks);

/* Returns how many more can be started. */
size_t hooks_free(const struct hooks *hooks);

/* Starts the hook of a job; after hooks_stop(), the job is returned. */
void hooks_start(
    struct hooks *hooks, const struct job *job, const struct lease *lease, const struct command *command);

/* Writes at most hooks_polls() entries. Returns their number. */
size_t hooks_polls(const struct hooks *hooks);
size_t hooks_poll(struct hooks *hooks, struct pollfd *fds);
int64_t hooks_deadline(const struct hooks *hooks);
void hooks_step(struct hooks *hooks, const struct pollfd *fds);

/* Stops all running hooks and starts no more. */
void hooks_stop(struct hooks *hooks);

/* Returns the number of running hooks. */
size_t hooks_running(const struct hooks *hooks);

/* Returns the first ended run that is due to be reported (steady time), or NULL. */
struct hook_run *hooks_next_report(const struct hooks *hooks, int64_t now);

/* Schedules another report after the server has refused one. After five refusals the run is dropped, and its
 * claim expires. */
void hooks_refused(struct hooks *hooks, struct hook_run *run, int64_t now);

/* Forgets a run that is reported. */
void hooks_drop(struct hooks *hooks, struct hook_run *run);

#endif
