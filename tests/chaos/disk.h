/*
 * A small disk for a server, which can be filled: a file system in memory, that
 * only root may mount.
 */
#ifndef TESTS_CHAOS_DISK_H
#define TESTS_CHAOS_DISK_H

#include <stdbool.h>
#include <stdint.h>

/* Whether this process may mount one at all; tries it in the folder. */
bool disk_possible(const char *folder);

bool disk_mount(const char *path, int64_t bytes) __attribute__((warn_unused_result));
void disk_unmount(const char *path);

/* Takes all that is free; gives it back. */
bool disk_fill(const char *path) __attribute__((warn_unused_result));
void disk_drain(const char *path);

#endif
