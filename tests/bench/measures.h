/*
 * The measurements. Each adds its figures to the report.
 */
#ifndef TESTS_BENCH_MEASURES_H
#define TESTS_BENCH_MEASURES_H

struct report;
struct stage;

/* allocate_1, allocate_8, allocate_32: compared with a plain insert that is sent with its parameters, as most
 * clients do. allocate_prepared_1, _8, _32: with one that is prepared. */
void measure_clients(struct stage *s, struct report *r);

/* allocate_project: for a project with a limit, compared with a plain insert. allocate_labels: with three
 * labels, compared with a plain insert of the same four rows. api_tx: an application's row and its lease
 * through berth_api in one transaction, compared with plain inserts of both. */
void measure_extras(struct stage *s, struct report *r);

/* allocate_16m, allocate_v6, allocate_full, allocate_1k: compared with a pool of a million. */
void measure_sizes(struct stage *s, struct report *r);

/* allocate_block: a pool of a million blocks of 64 numbers with 8 clients, compared with a pool of a million
 * values. */
void measure_blocks(struct stage *s, struct report *r);

/* allocate_scan: compared with a scan for the lowest free value. */
void measure_scan(struct stage *s, struct report *r);

/* replay: compared with a select by primary key. */
void measure_replay(struct stage *s, struct report *r);

/* allocate_1000: compared with one insert of as many rows. */
void measure_many(struct stage *s, struct report *r);

/* import: compared with COPY, in a database of its own. */
void measure_import(struct report *r);

/* lease_import: 100,000 rows, compared with COPY likewise. */
void measure_lease_import(struct report *r);

/* batch_500: the program with a file of 500 allocations, compared with psql and the same statements in one
 * transaction; batch_far: 20 of them with 50 ms each way to the server, compared with one query. */
void measure_batch(const char *berth, struct report *r);

/* queue_p50_ms, queue_p99_ms: from sending a release to an idle worker until its outcome can be read;
 * release_rate: a backlog of 50,000, compared with a peer (peer.h) or with plain updates; worker_rss_mb: the
 * worker's memory at the end of that, compared with its start. */
void measure_queue(const char *berth, struct report *r);

/* chain_*: the steps from sending a release until its outcome can be read, in microseconds, and chain_ms,
 * their sum. */
void measure_chain(struct report *r);

/* release_cold: single releases, with statistics of the time before, when the queue was empty, and a long
 * history; compared with the same when the statistics are new. */
void measure_cold(struct report *r);

/* churn_*: many allocations and releases in a small pool, its end compared with its middle: the time,
 * the stripes, the size of what is about the present, and the growth of what is remembered. */
void measure_churn(struct report *r);

/* project_delete: allocations in one pool while a worker deletes a project with a million leases in another,
 * compared with the same while the worker is stopped. */
void measure_project(const char *berth, struct report *r);

/* select_3_ms, select_50_ms: the first page of a list with a selector of so many requirements, among a
 * million labelled leases. */
void measure_labels(struct report *r);

/* dedupe_5m: a fix of five million rows with 1 % duplicates and a client that writes 200 rows a second,
 * compared with building the unique index alone on the clean table. dedupe_wait_ms: the longest wait of that
 * client. */
void measure_dedupe(struct report *r);

/* repoint_block_ms: the longest time for which a fix had rows locked, of 20,000 duplicates to which the rows
 * of four tables refer. */
void measure_repoint(struct report *r);

/* first_frame_ms, key_paint_ms, console_rss_mb, idle_bytes, idle_cpu, and refresh_bytes of one changed row:
 * the real program in a terminal, on the big volume and, as the baseline, on the little one (volume.h). What
 * htop and pspg paint and compute is reported beside it where they are installed. */
void measure_console(const char *berth, struct stage *little, struct stage *big, struct report *r);

/* scale_*: each list and verb on the big volume, compared with the little one. select_none_ms and filter_ms:
 * the slowest first page of a filter that matches nothing, and something, on the big volume. */
void measure_scale(struct stage *little, struct stage *big, struct report *r);

#endif
