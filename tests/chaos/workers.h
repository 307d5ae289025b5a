/*
 * The workers: real processes, started again whenever they end, as a service
 * manager would.
 */
#ifndef TESTS_CHAOS_WORKERS_H
#define TESTS_CHAOS_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

struct cluster;
struct verdict;
struct workers;

/* Their words go to files in the folder. */
struct workers *workers_start(size_t count, const char *berth, const struct cluster *cluster,
    const char *folder, const char *hooks) __attribute__((returns_nonnull, warn_unused_result));

size_t workers_count(const struct workers *w);

/* Each does something to one of them, if that runs. */
bool workers_kill(struct workers *w, size_t which);
bool workers_pause(struct workers *w, size_t which);
bool workers_resume(struct workers *w, size_t which);

/* Ends them in good order, judges how all have ended, and forgets them. */
void workers_stop(struct workers *w, struct verdict *v);

#endif
