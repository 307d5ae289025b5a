/*
 * A peer to compare with: graphile-worker, a queue on PostgreSQL for Node.js, on the same server.
 *
 * It is measured where BERTH_PEER names a folder in which it was installed: npm install graphile-worker pg
 */
#ifndef TESTS_BENCH_PEER_H
#define TESTS_BENCH_PEER_H

struct stage;

/* Returns the no-op jobs that one process of it consumes in a second, or NAN where it is not installed or
 * fails. */
double peer_rate(const struct stage *s, int jobs);

#endif
