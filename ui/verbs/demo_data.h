/*
 * The sample data of `berth demo`, and the traffic that makes it live.
 */
#ifndef UI_VERBS_DEMO_DATA_H
#define UI_VERBS_DEMO_DATA_H

#include <stdbool.h>
#include <stdint.h>

struct conn;
struct conn_options;
struct err;

/* Pools of every kind, from unused to full; the same seed gives the same ones. */
bool demo_load(struct conn *conn, int64_t seed, struct err *err) __attribute__((warn_unused_result));

/* The hook that one of the pools asks for, and what stands in it: it fails for some values, so that there is
 * something to decide about. */
#define DEMO_HOOK "dns-remove"
extern const char demo_hook_text[];

/* Allocates and releases a little, for ever; returns only when that is impossible. */
void demo_feed(const struct conn_options *options, int64_t seed);

#endif
