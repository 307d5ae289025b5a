#include "ui/worker/server_clock.h"

#include "db/base/clock.h"

enum { LEAP = 3000000 };

static int64_t latest(const struct clock_reading *reading) {
	return reading->shown - reading->asked;
}

static int64_t earliest(const struct clock_reading *reading) {
	return reading->shown - reading->answered;
}

/* A server mostly reads its clock as soon as it is asked. */
void server_clock_start(struct server_clock *c, const struct clock_reading *reading) {
	*c = (struct server_clock){.offset = latest(reading), .settles = TIME_NONE};
}

static int64_t within(int64_t value, int64_t least, int64_t most) {
	if (value < least) {
		return least;
	}
	return value > most ? most : value;
}

bool server_clock_leaps(struct server_clock *c, const struct clock_reading *reading, int64_t patience) {
	int64_t offset = within(c->offset, earliest(reading), latest(reading));
	int64_t off = offset > c->offset ? offset - c->offset : c->offset - offset;

	if (off < LEAP) {
		*c = (struct server_clock){.offset = offset, .settles = TIME_NONE};
		return false;
	}
	if (c->settles == TIME_NONE) {
		c->settles = reading->answered + patience;
		return true;
	}
	if (reading->answered >= c->settles) {
		server_clock_start(c, reading);
	}
	return false;
}

int64_t server_clock_at(const struct server_clock *c, int64_t steady) {
	return steady + c->offset;
}
