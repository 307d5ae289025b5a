/*
 * The server's clock beside this machine's steady one: tells a clock that was set from an answer that was
 * slow.
 *
 * Times are microseconds. The server reads its clock somewhere between the question and its answer, which a
 * commit that waits for a standby can delay by minutes; so a reading gives an earliest and a latest offset.
 */
#ifndef UI_WORKER_SERVER_CLOCK_H
#define UI_WORKER_SERVER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct server_clock {
	int64_t offset;  /* the server's clock minus the steady one */
	int64_t settles; /* when a clock that was set is accepted: steady time; TIME_NONE if it was not set */
};

/* A time that the server's clock showed between two moments of steady time. */
struct clock_reading {
	int64_t asked;
	int64_t answered;
	int64_t shown;
};

/* Accepts a first reading. */
void server_clock_start(struct server_clock *c, const struct clock_reading *reading);

/* Compares another one. Returns true when the clock turns out to have been set, by 3 s or more: it is
 * accepted after the patience, and until then further readings return false. */
bool server_clock_leaps(struct server_clock *c, const struct clock_reading *reading, int64_t patience);

/* Returns what the server's clock shows at a moment of steady time. */
int64_t server_clock_at(const struct server_clock *c, int64_t steady);

#endif
