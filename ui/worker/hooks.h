/*
 * The hooks that a worker runs, from the claim to the report of how they ended.
 *
 * A run that has ended stays here until the server knows of it, however long
 * there is no connection; the server refuses what it hears too late.  Whoever
 * cannot be started has failed at once.
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
	HOOKS_RETURNED /* it was ended because we end: its claim is to be given back */
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
	char *words;   /* what happened, once it has ended; else NULL */
	int64_t again; /* when to report it: steady time, 0 for at once */
	int refused;   /* how often the server would not hear of it */
	bool told;     /* the server may know it already: the answer was lost */
	size_t place;  /* of its descriptors in what is polled; SIZE_MAX when they are not */
	struct process process;
};

struct hooks {
	const char *folder;    /* absolute; NULL: it runs none */
	size_t room;           /* how many at once */
	int64_t time;          /* that each may take */
	struct hook_run *runs; /* in the order of their claims */
	size_t count;
	bool leaving;
};

void hooks_init(struct hooks *hooks, const char *folder, size_t room, int64_t time);

/* Kills what still runs. */
void hooks_release(struct hooks *hooks);

/* How many more it takes. */
size_t hooks_free(const struct hooks *hooks);

/* Takes a job on: its hook is started, or it is returned when the hooks is leaving. */
void hooks_start(
    struct hooks *hooks, const struct job *job, const struct lease *lease, const struct command *command);

/* Writes at most hooks_polls() entries, returns their number. */
size_t hooks_polls(const struct hooks *hooks);
size_t hooks_poll(struct hooks *hooks, struct pollfd *fds);
int64_t hooks_deadline(const struct hooks *hooks);
void hooks_step(struct hooks *hooks, const struct pollfd *fds);

/* From now on it ends what runs and takes on nothing. */
void hooks_stop(struct hooks *hooks);

/* How many hooks run. */
size_t hooks_running(const struct hooks *hooks);

/* The first run that has ended and is to be reported by now (steady time), or NULL. */
struct hook_run *hooks_next_report(const struct hooks *hooks, int64_t now);

/* The server has refused the report: again after a while; a few times, then the claim runs out by itself. */
void hooks_refused(struct hooks *hooks, struct hook_run *run, int64_t now);

/* It is reported. */
void hooks_drop(struct hooks *hooks, struct hook_run *run);

#endif
