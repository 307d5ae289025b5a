/*
 * The clients: threads that call the program, as a process or by its functions, and record requests and
 * answers.
 */
#ifndef TESTS_CHAOS_CLIENTS_H
#define TESTS_CHAOS_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cluster;
struct dice;
struct history;
struct world;

struct clients;

/* Starts the clients. */
struct clients *clients_start(size_t count, uint64_t seed, const char *berth, const struct cluster *cluster,
    struct world *world, struct history *history) __attribute__((returns_nonnull, warn_unused_result));

/* Kills the process of one client; false: none has one. */
bool clients_kill(struct clients *c, struct dice *d);

/* Waits until each has ended its call, and frees them. */
void clients_stop(struct clients *c);

#endif
