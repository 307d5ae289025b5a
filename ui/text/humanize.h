/*
 * Figures for people, appended to a text: spans, points in time, percentages, counts. All are safe ASCII and
 * do not depend on the locale.
 */
#ifndef UI_TEXT_HUMANIZE_H
#define UI_TEXT_HUMANIZE_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct count;

/* Appends a span in microseconds, in at most 7 columns, rounded down to minutes so that it does not tick:
 * "<1m" "41m" "1h 50m" "3d" "212d". */
void humanize_span(int64_t span, struct buf *out);

/* Appends a span to the second, for figures that tick: "8s" "2m 14s" "3h 02m". */
void humanize_exact(int64_t span, struct buf *out);

/* Appends "in 2h 10m", "3d ago", or "never" for TIME_NONE. */
void humanize_when(int64_t time, int64_t now, struct buf *out);

/* Append "2026-07-13 02:14 UTC", or "15:53 UTC", with the date when it is not within a day of now. */
void humanize_time(int64_t time, struct buf *out);
void humanize_clock(int64_t time, int64_t now, struct buf *out);

/* Appends a percentage, rounded down so that it never shows a threshold before it is reached: "<1%" for a
 * little, never "100%" for less than all. */
void humanize_percent(double percent, struct buf *out);

/* Append every digit, in groups: "187 875 590". */
void humanize_count(const struct count *count, struct buf *out);
void humanize_number(int64_t number, struct buf *out);

/* Appends "1 pool", "2 pools". */
void humanize_plural(int64_t n, const char *one, const char *many, struct buf *out);

/* Returns the length of the first sentence of a message, which says what happened; the others, after "; "
 * that db/ has put between, say what it may mean. */
size_t humanize_sentence(const char *message);

#endif
