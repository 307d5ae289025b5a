/*
 * What is measured. Each adds its figures to the report.
 */
#ifndef TESTS_BENCH_MEASURES_H
#define TESTS_BENCH_MEASURES_H

struct report;
struct stage;

/* allocate_1, allocate_8, allocate_32: against a bare insert. */
void measure_clients(struct stage *s, struct report *r);

/* allocate_16m, allocate_v6, allocate_full, allocate_1k: against a pool of a million. */
void measure_sizes(struct stage *s, struct report *r);

/* allocate_scan: against looking for the lowest free value among all. */
void measure_scan(struct stage *s, struct report *r);

/* replay: against a select by primary key. */
void measure_replay(struct stage *s, struct report *r);

/* allocate_1000: against one insert of as many rows. */
void measure_many(struct stage *s, struct report *r);

/* import: against COPY, in a database of its own. */
void measure_import(struct report *r);

/* batch_500: the program with a file of 500 allocations, against psql with the same
 * statements in one transaction; batch_far: with 20 of them and 50 ms each way to the
 * server, against the program with one query. */
void measure_batch(const char *berth, struct report *r);

/* queue_p50_ms, queue_p99_ms: from sending a release to a worker that has nothing to
 * do until its outcome can be read; release_rate: a backlog of 100,000; worker_rss_mb:
 * its memory at the end of that against its beginning. */
void measure_queue(const char *berth, struct report *r);

/* project_delete: allocations in one pool while a worker deletes a project with a million
 * leases in another one, against the same while it stands still. */
void measure_project(const char *berth, struct report *r);

/* select_3_ms, select_50_ms: the first page of a list by a selector of so many
 * requirements, with a million labelled leases. */
void measure_labels(struct report *r);

/* dedupe_5m: a fix of five million rows, of which one in a hundred is a duplicate, while
 * somebody writes 200 rows a second; against the unique index alone, on the clean table.
 * dedupe_wait_ms: the longest time that the writer has waited for one of them. */
void measure_dedupe(struct report *r);

/* first_frame_ms, key_paint_ms, console_rss_mb, idle_bytes: the real program in a
 * terminal, with a million leases and with a thousand. */
void measure_console(const char *berth, struct report *r);

#endif
