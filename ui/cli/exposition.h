/*
 * Samples for a monitoring system: OpenMetrics text (version 1.0 of its specification), or the same samples
 * as a list in JSON or CSV.
 *
 *     struct exposition *e = exposition_begin(&run->sink);
 *     exposition_family(e, &capacity);
 *     exposition_sample(e, labels, 2, "4096");
 *     ...
 *     return exposition_end(e, err);
 *
 * A family is a gauge or a counter; its name ends with its unit. All samples of a family come after it and
 * before the next one. The sample of a counter has the suffix _total.
 */
#ifndef UI_CLI_EXPOSITION_H
#define UI_CLI_EXPOSITION_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct sink;

enum metric_type { METRIC_GAUGE, METRIC_COUNTER };

struct metric {
	const char *name; /* "berth_queue_lag_seconds" */
	const char *unit; /* "seconds", or NULL */
	const char *help;
	enum metric_type type;
};

struct metric_label {
	const char *name;
	const char *value; /* any text */
};

struct exposition;

/* Prints to the sink's file: its table is OpenMetrics text. */
struct exposition *exposition_begin(const struct sink *sink) __attribute__((returns_nonnull));

/* Begins a family. The metric must live until the next one. */
void exposition_family(struct exposition *e, const struct metric *metric);

/* Adds a sample of the family. The value is a number as text. */
void exposition_sample(struct exposition *e, const struct metric_label *labels, size_t n, const char *value);

/* Prints the rest and frees it; it must always be called. */
bool exposition_end(struct exposition *e, struct err *err) __attribute__((warn_unused_result));

#endif
