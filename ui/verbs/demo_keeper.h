/*
 * The keeper of a demo: a process that outlives the console, so that nothing of the demo does.
 *
 * It runs what is beside the console, a worker and the traffic.  When the console's process has ended,
 * however that was, it stops them and removes the server with its folder.  It learns of the end from a pipe
 * that only the console's process can write to: the kernel closes it, also after SIGKILL.
 */
#ifndef UI_VERBS_DEMO_KEEPER_H
#define UI_VERBS_DEMO_KEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct err;

/* The parts of the demo's folder. */
#define DEMO_SERVER "server"
#define DEMO_HOOKS "hooks"

struct demo_keeper {
	const char *folder; /* of the demo; borrowed */
	int64_t seed;
	pid_t pid;
	int line; /* our end of the pipe */
};

/* Starts it, before there is anything to keep. `folder` exists. */
bool demo_keeper_start(struct demo_keeper *keeper, const char *folder, int64_t seed, struct err *err)
    __attribute__((warn_unused_result));

/* Starts worker and traffic on the server, which runs and is filled. */
void demo_keeper_work(struct demo_keeper *keeper);

/* Ends everything and waits for it; false when something is left in the folder. */
bool demo_keeper_end(struct demo_keeper *keeper, struct err *err) __attribute__((warn_unused_result));

#endif
