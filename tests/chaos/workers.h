/*
 * The workers: processes that are started again whenever they end, as by a service manager.
 */
#ifndef TESTS_CHAOS_WORKERS_H
#define TESTS_CHAOS_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

struct cluster;
struct verdict;
struct workers;

/* Starts the workers; their output goes to files in the folder. */
struct workers *workers_start(size_t count, const char *berth, const struct cluster *cluster,
    const char *folder, const char *hooks) __attribute__((returns_nonnull, warn_unused_result));

size_t workers_count(const struct workers *w);

/* Send a signal to one worker, if it runs. */
bool workers_kill(struct workers *w, size_t which);
bool workers_pause(struct workers *w, size_t which);
bool workers_resume(struct workers *w, size_t which);

/* Ends them cleanly, checks how all have ended, and frees them. */
void workers_stop(struct workers *w, struct verdict *v);

#endif
