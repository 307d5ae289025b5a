#include "model/syntax/duration.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/num.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* Largest first. */
static const struct {
	const char *name;
	int64_t us;
} units[] = {{"d", DAY}, {"h", HOUR}, {"m", MINUTE}, {"s", SECOND}, {"ms", 1000}, {"us", 1}};

#define UNITS (sizeof units / sizeof units[0])

static int64_t unit_of(const char *name) {
	for (size_t i = 0; i < UNITS; i++) {
		if (strcmp(units[i].name, name) == 0) {
			return units[i].us;
		}
	}
	return 0;
}

bool duration_parse(const char *text, int64_t *us, struct err *err) {
	size_t n = strspn(text, "0123456789");
	int64_t unit = unit_of(text + n);
	u128 number = 0;

	if (n == 0 || unit == 0) {
		return err_set(err, ERR_INVALID_INPUT,
		    "duration \"%s\": expected a whole number and a unit, as in 90s, 15m, 2h, 7d", text);
	}
	if (!u128_parse(text, n, &number) || number > (u128)(DURATION_MAX / unit)) {
		return err_set(err, ERR_INVALID_INPUT, "duration \"%s\": more than %" PRId64 "d", text,
		    DURATION_MAX / DAY);
	}
	*us = (int64_t)number * unit;
	return true;
}

void duration_text(int64_t us, struct buf *out) {
	uint64_t size = us < 0 ? -(uint64_t)us : (uint64_t)us;

	if (size == 0) {
		buf_puts(out, "0s");
		return;
	}
	for (size_t i = 0; i < UNITS; i++) {
		uint64_t unit = (uint64_t)units[i].us;

		if (size % unit == 0) {
			buf_printf(out, "%s%" PRIu64 "%s", us < 0 ? "-" : "", size / unit, units[i].name);
			return;
		}
	}
}
