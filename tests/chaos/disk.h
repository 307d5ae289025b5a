/*
 * A small disk for a server that can be filled: a file system in memory, which only root can mount.
 */
#ifndef TESTS_CHAOS_DISK_H
#define TESTS_CHAOS_DISK_H

#include <stdbool.h>
#include <stdint.h>

/* Returns true when this process can mount one; tries it in the folder. */
bool disk_possible(const char *folder);

bool disk_mount(const char *path, int64_t bytes) __attribute__((warn_unused_result));
void disk_unmount(const char *path);

/* Fill the free space, and free it again. */
bool disk_fill(const char *path) __attribute__((warn_unused_result));
void disk_drain(const char *path);

#endif
