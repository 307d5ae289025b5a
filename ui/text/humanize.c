#include "ui/text/humanize.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/num.h"

#define MINUTE (60 * TIME_SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

void humanize_span(int64_t span, struct buf *out) {
	int64_t hours = span / HOUR;
	int64_t minutes = span % HOUR / MINUTE;

	if (span < MINUTE) {
		buf_puts(out, "<1m");
	} else if (span < HOUR) {
		buf_printf(out, "%" PRId64 "m", minutes);
	} else if (span < DAY && minutes > 0) {
		buf_printf(out, "%" PRId64 "h %" PRId64 "m", hours, minutes);
	} else if (span < DAY) {
		buf_printf(out, "%" PRId64 "h", hours);
	} else if (span / DAY < 100000) {
		buf_printf(out, "%" PRId64 "d", span / DAY);
	} else {
		buf_puts(out, ">99999d");
	}
}

void humanize_exact(int64_t span, struct buf *out) {
	int64_t seconds = span < 0 ? 0 : span / TIME_SECOND;

	if (seconds < 60) {
		buf_printf(out, "%" PRId64 "s", seconds);
	} else if (seconds < 3600) {
		buf_printf(out, "%" PRId64 "m %02" PRId64 "s", seconds / 60, seconds % 60);
	} else {
		buf_printf(out, "%" PRId64 "h %02" PRId64 "m", seconds / 3600, seconds % 3600 / 60);
	}
}

void humanize_when(int64_t time, int64_t now, struct buf *out) {
	if (time == TIME_NONE) {
		buf_puts(out, "never");
	} else if (time > now) {
		buf_puts(out, "in ");
		humanize_span(time - now, out);
	} else {
		humanize_span(now - time, out);
		buf_puts(out, " ago");
	}
}

static void broken_down(int64_t time, struct tm *tm) {
	time_t seconds = (time_t)(time / TIME_SECOND - (time % TIME_SECOND < 0 ? 1 : 0));

	if (gmtime_r(&seconds, tm) == NULL) {
		*tm = (struct tm){0};
	}
}

void humanize_time(int64_t time, struct buf *out) {
	struct tm tm;

	if (time == TIME_NONE) {
		buf_puts(out, "never");
		return;
	}
	broken_down(time, &tm);
	buf_printf(out, "%04d-%02d-%02d %02d:%02d UTC", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
	    tm.tm_hour, tm.tm_min);
}

void humanize_clock(int64_t time, int64_t now, struct buf *out) {
	struct tm tm;

	broken_down(time, &tm);
	if (time - now >= DAY || now - time >= DAY) {
		buf_printf(out, "%04d-%02d-%02d ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	}
	buf_printf(out, "%02d:%02d UTC", tm.tm_hour, tm.tm_min);
}

void humanize_percent(double percent, struct buf *out) {
	if (percent > 0 && percent < 1) {
		buf_puts(out, "<1%");
	} else {
		buf_printf(out, "%d%%", percent < 0 ? 0 : percent < 1000 ? (int)percent : 999);
	}
}

static void grouped(const char *digits, struct buf *out) {
	size_t n = strlen(digits);

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0) {
			buf_char(out, ' ');
		}
		buf_char(out, digits[i]);
	}
}

void humanize_count(const struct count *count, struct buf *out) {
	grouped(count->digits, out);
}

void humanize_number(int64_t number, struct buf *out) {
	char digits[24];

	(void)snprintf(digits, sizeof digits, "%" PRIu64, number < 0 ? 0 : (uint64_t)number);
	grouped(digits, out);
}

void humanize_plural(int64_t n, const char *one, const char *many, struct buf *out) {
	humanize_number(n, out);
	buf_char(out, ' ');
	buf_puts(out, n == 1 ? one : many);
}

size_t humanize_sentence(const char *message) {
	const char *end = strstr(message, "; ");

	return end == NULL ? strlen(message) : (size_t)(end - message);
}
