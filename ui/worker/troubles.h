/*
 * Limits repeated messages: the same trouble is reported once, then once a minute with a count.
 *
 * It remembers a few texts, since troubles may alternate.  Times are steady, and passed in.
 */
#ifndef UI_WORKER_TROUBLES_H
#define UI_WORKER_TROUBLES_H

#include <stddef.h>
#include <stdint.h>

#define TROUBLES 8

struct trouble {
	char *text; /* NULL: free */
	int64_t reported;
	size_t count; /* occurrences since it was reported */
};

struct troubles {
	struct trouble seen[TROUBLES];
};

/* Counts one occurrence. Returns 0 when it is not to be reported now; else the occurrences since the last
 * report, 1 the first time. */
size_t troubles_count(struct troubles *t, const char *text, int64_t now);

void troubles_release(struct troubles *t);

#endif
