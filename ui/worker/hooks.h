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

enum crew_state {
	CREW_RUNS,
	CREW_WELL,
	CREW_FAILED,
	CREW_RETURNED /* it was ended because we end: its claim is to be given back */
};

struct crew_run {
	struct crew_run *next;
	enum crew_state state;
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

struct crew {
	const char *folder;    /* absolute; NULL: it runs none */
	size_t room;           /* how many at once */
	int64_t time;          /* that each may take */
	struct crew_run *runs; /* in the order of their claims */
	size_t count;
	bool leaving;
};

void crew_init(struct crew *crew, const char *folder, size_t room, int64_t time);

/* Kills what still runs. */
void crew_release(struct crew *crew);

/* How many more it takes. */
size_t crew_free(const struct crew *crew);

/* Takes a job on: its hook is started, or it is returned when the crew is leaving. */
void crew_take(
    struct crew *crew, const struct job *job, const struct lease *lease, const struct command *command);

/* Writes at most crew_polls() entries, returns their number. */
size_t crew_polls(const struct crew *crew);
size_t crew_poll(struct crew *crew, struct pollfd *fds);
int64_t crew_deadline(const struct crew *crew);
void crew_step(struct crew *crew, const struct pollfd *fds);

/* From now on it ends what runs and takes on nothing. */
void crew_leave(struct crew *crew);

/* How many hooks run. */
size_t crew_running(const struct crew *crew);

/* The first run that has ended and is to be reported by now (steady time), or NULL. */
struct crew_run *crew_report(const struct crew *crew, int64_t now);

/* The server has refused the report: again after a while; a few times, then the claim runs out by itself. */
void crew_refused(struct crew *crew, struct crew_run *run, int64_t now);

/* It is reported. */
void crew_drop(struct crew *crew, struct crew_run *run);

#endif
