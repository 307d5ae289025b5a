#include "db/base/clock.h"

#include <limits.h>
#include <time.h>

static int64_t read_clock(clockid_t which) {
	struct timespec t;

	(void)clock_gettime(which, &t);
	return (int64_t)t.tv_sec * TIME_SECOND + t.tv_nsec / 1000;
}

int64_t clock_now(void) {
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_steady(void) {
	return read_clock(CLOCK_MONOTONIC);
}

int clock_poll(int64_t deadline) {
	if (deadline == TIME_NONE) {
		return -1;
	}
	int64_t left = deadline - clock_steady();
	if (left <= 0) {
		return 0;
	}
	int64_t ms = (left + 999) / 1000;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

bool clock_passed(int64_t deadline) {
	return deadline != TIME_NONE && clock_steady() >= deadline;
}

int64_t clock_sooner(int64_t a, int64_t b) {
	if (a == TIME_NONE || b == TIME_NONE) {
		return a == TIME_NONE ? b : a;
	}
	return a < b ? a : b;
}
