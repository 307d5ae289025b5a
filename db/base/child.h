/*
 * Starting a child process: the one fork and exec of the program.
 *
 * A child has a process group of its own, default signals, the given descriptors and no others.  Its end is
 * seen through a pidfd, which can be polled and never means another process.
 */
#ifndef DB_BASE_CHILD_H
#define DB_BASE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct child_program {
	const char *file;               /* the program's path, from `folder` */
	const char *const *argv;        /* ended by NULL */
	const char *const *environment; /* ended by NULL */
	const int *fds;                 /* its descriptors 0 to count - 1 */
	int count;                      /* at most 8 */
	int folder;                     /* open, its working directory; -1: / */
	bool ends_with_parent;          /* gets SIGTERM when this process dies */

	/* Called in the child before exec, async-signal-safe, to give up rights; NULL for none. */
	bool (*prepare)(const void *context);
	const void *context;
};

struct child {
	pid_t pid;  /* and its process group */
	int handle; /* pidfd, readable when the process has ended; -1 after child_reap() */
};

/* Starts it; false with errno, and nothing to release. A child that cannot exec writes "cannot be run:
 * REASON" to its standard error and exits with 127. */
bool child_start(struct child *child, const struct child_program *program)
    __attribute__((warn_unused_result));

/* Sends a signal to the process group. False when the group is empty; `sig` 0 only checks that. */
bool child_signal(const struct child *child, int sig);

/* Waits for the end of the process. Returns its wait status. */
int child_reap(struct child *child);

/* Returns a descriptor that reads the text, closed at exec; -1 with errno. It is a file, so that writing it
 * never blocks. */
int child_input(const char *text);

#endif
