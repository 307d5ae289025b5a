#include "model/syntax/instant.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/err.h"

#define LAST_SECOND INT64_C(253402300799) /* of the year 9999 */

/* Reads exactly n digits at *p, a number from min to max, and moves *p after them. */
static bool digits(const char **p, int n, int min, int max, int *value) {
	int sum = 0;

	for (int i = 0; i < n; i++) {
		char c = (*p)[i];

		if (c < '0' || c > '9') {
			return false;
		}
		sum = sum * 10 + (c - '0');
	}
	if (sum < min || sum > max) {
		return false;
	}
	*p += n;
	*value = sum;
	return true;
}

static bool one_of(const char **p, char a, char b, char c) {
	if (**p != a && **p != b && **p != c) {
		return false;
	}
	*p += 1;
	return true;
}

static bool letter(const char **p, char c) {
	return one_of(p, c, c, c);
}

static bool date_parse(const char **p, struct tm *tm) {
	if (!digits(p, 4, 0, 9999, &tm->tm_year) || !letter(p, '-') || !digits(p, 2, 1, 12, &tm->tm_mon) ||
	    !letter(p, '-') || !digits(p, 2, 1, 31, &tm->tm_mday)) {
		return false;
	}
	tm->tm_year -= 1900;
	tm->tm_mon -= 1;
	return true;
}

/* Reads a point and any number of digits; those after the sixth are ignored. */
static bool fraction_parse(const char **p, int64_t *us) {
	int64_t unit = TIME_SECOND;
	const char *first;
	int digit = 0;

	if (!letter(p, '.')) {
		return true;
	}
	first = *p;
	while (digits(p, 1, 0, 9, &digit)) {
		unit /= 10;
		*us += digit * unit;
	}
	return *p > first;
}

/* Reads "Z" or "+hh:mm" as seconds east of UTC. */
static bool offset_parse(const char **p, int64_t *seconds) {
	bool west = **p == '-';
	int hours = 0;
	int minutes = 0;

	if (one_of(p, 'Z', 'z', 'z')) {
		*seconds = 0;
		return true;
	}
	if (!one_of(p, '+', '-', '-') || !digits(p, 2, 0, 23, &hours) || !letter(p, ':') ||
	    !digits(p, 2, 0, 59, &minutes)) {
		return false;
	}
	*seconds = (west ? -1 : 1) * (hours * 3600 + minutes * 60);
	return true;
}

static bool time_parse(const char **p, struct tm *tm, int64_t *us, int64_t *offset) {
	return one_of(p, 'T', 't', ' ') && digits(p, 2, 0, 23, &tm->tm_hour) && letter(p, ':') &&
	       digits(p, 2, 0, 59, &tm->tm_min) && letter(p, ':') && digits(p, 2, 0, 60, &tm->tm_sec) &&
	       fraction_parse(p, us) && offset_parse(p, offset);
}

/* Returns true when the calendar has that day. */
static bool day_exists(const struct tm *tm) {
	struct tm day = {.tm_year = tm->tm_year, .tm_mon = tm->tm_mon, .tm_mday = tm->tm_mday};

	(void)timegm(&day); /* changes February 30 to a day of March */
	return day.tm_mday == tm->tm_mday;
}

bool instant_parse(const char *text, int64_t *us, struct err *err) {
	const char *p = text;
	struct tm tm = {0};
	int64_t fraction = 0;
	int64_t offset = 0;

	if (!date_parse(&p, &tm) || (*p != '\0' && !time_parse(&p, &tm, &fraction, &offset)) || *p != '\0') {
		return err_set(err, ERR_INVALID_INPUT,
		    "time \"%s\": expected a date, or a date and time with offset: 2026-11-21T13:04:05Z",
		    text);
	}
	if (!day_exists(&tm)) {
		return err_set(err, ERR_INVALID_INPUT, "time \"%s\": the month has no such day", text);
	}
	int64_t seconds = timegm(&tm) - offset; /* second 60 is the next minute */
	if (seconds < 0 || seconds > LAST_SECOND) {
		return err_set(
		    err, ERR_INVALID_INPUT, "time \"%s\": the year must be 1970 to 9999 in UTC", text);
	}
	*us = seconds * TIME_SECOND + fraction;
	return true;
}

bool end_parse(const char *text, int64_t *us, struct err *err) {
	if (strcmp(text, "never") == 0) {
		*us = TIME_NEVER;
		return true;
	}
	return instant_parse(text, us, err) || err_hint(err, "\"never\" means no end");
}

void end_text(int64_t us, struct buf *out) {
	if (us == TIME_NEVER) {
		buf_puts(out, "never");
	} else {
		instant_text(us, out);
	}
}

void instant_text(int64_t us, struct buf *out) {
	int64_t fraction = us % TIME_SECOND;
	time_t seconds = us / TIME_SECOND;
	struct tm tm;

	assert(us != TIME_NONE && us != TIME_NEVER);
	if (fraction < 0) {
		fraction += TIME_SECOND;
		seconds -= 1;
	}
	(void)gmtime_r(&seconds, &tm); /* cannot fail: the year of any int64_t of microseconds fits */
	buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
	    tm.tm_hour, tm.tm_min, tm.tm_sec, (int)fraction);
}
