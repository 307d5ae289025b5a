/*
 * The sample data of `berth demo`, and its simulated traffic.
 */
#ifndef UI_VERBS_DEMO_DATA_H
#define UI_VERBS_DEMO_DATA_H

#include <stdbool.h>
#include <stdint.h>

struct conn;
struct conn_options;
struct err;

/* Creates pools of every kind, from unused to full; the same seed gives the same pools. */
bool demo_load(struct conn *conn, int64_t seed, struct err *err) __attribute__((warn_unused_result));

/* The text of the hook that one of the pools has: it fails for some values, so that there are stuck commands
 * to decide about. */
#define DEMO_HOOK "dns-remove"
extern const char demo_hook_text[];

/* Allocates and releases a little, without end; returns only when that is impossible. */
void demo_feed(const struct conn_options *options, int64_t seed);

#endif
