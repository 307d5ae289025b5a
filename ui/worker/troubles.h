/*
 * Troubles that were told: what goes wrong again and again is told once, then once a minute with a count, so
 * that a log of weeks without a server can be read.
 *
 * A few different ones are remembered, for they may take turns.  Times are steady, and given.
 */
#ifndef UI_WORKER_TROUBLES_H
#define UI_WORKER_TROUBLES_H

#include <stddef.h>
#include <stdint.h>

#define TROUBLES 8

struct trouble {
	char *text; /* NULL: this place is free */
	int64_t told;
	size_t count; /* how often it has come since it was told */
};

struct troubles {
	struct trouble seen[TROUBLES];
};

/* It has come once more. Returns 0 when it is not to be told now; else how often it has come since it was
 * told last, 1 for the first time. */
size_t troubles_count(struct troubles *t, const char *text, int64_t now);

void troubles_release(struct troubles *t);

#endif
