/*
 * Figures for people: their texts, and that they never show too much.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "db/base/clock.h"
#include "db/base/num.h"
#include "ui/console/app/clipboard.h"
#include "ui/console/widgets/gauge.h"
#include "ui/console/terminal/grid.h"
#include "ui/text/humanize.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define MINUTE (60 * TIME_SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static void test_spans(void **state) {
	static const struct {
		int64_t span;
		const char *text;
	} cases[] = {
	    {-5, "<1m"},
	    {59 * TIME_SECOND, "<1m"},
	    {MINUTE, "1m"},
	    {HOUR - 1, "59m"},
	    {HOUR, "1h"},
	    {HOUR + 50 * MINUTE, "1h 50m"},
	    {DAY - 1, "23h 59m"},
	    {DAY, "1d"},
	    {212 * DAY, "212d"},
	    {INT64_MAX, ">99999d"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf text = {0};

		humanize_span(cases[i].span, &text);
		assert_string_equal(buf_text(&text), cases[i].text);
		assert_true(text.len <= 7);
		buf_release(&text);
	}
}

static void test_percents(void **state) {
	static const struct {
		double percent;
		const char *text;
	} cases[] = {{0, "0%"}, {0.001, "<1%"}, {1, "1%"}, {79.99, "79%"}, {99.9999, "99%"}, {100, "100%"}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf text = {0};

		humanize_percent(cases[i].percent, &text);
		assert_string_equal(buf_text(&text), cases[i].text);
		buf_release(&text);
	}
}

static void test_times_and_counts(void **state) {
	struct count count = {"187875590"};
	struct buf text = {0};

	(void)state;
	humanize_time(INT64_C(1787407402) * TIME_SECOND, &text);
	assert_string_equal(buf_text(&text), "2026-08-22 14:03 UTC");
	buf_cut(&text, 0);
	humanize_clock(HOUR, 0, &text);
	assert_string_equal(buf_text(&text), "01:00 UTC");
	buf_cut(&text, 0);
	humanize_clock(3 * DAY, 0, &text);
	assert_string_equal(buf_text(&text), "1970-01-04 00:00 UTC");
	buf_cut(&text, 0);
	humanize_when(TIME_NONE, 0, &text);
	humanize_when(2 * DAY, 0, &text);
	humanize_when(-2 * DAY, 0, &text);
	assert_string_equal(buf_text(&text), "neverin 2d2d ago");
	buf_cut(&text, 0);
	humanize_exact(134 * TIME_SECOND, &text);
	assert_string_equal(buf_text(&text), "2m 14s");
	buf_cut(&text, 0);
	humanize_count(&count, &text);
	assert_string_equal(buf_text(&text), "187 875 590");
	buf_cut(&text, 0);
	humanize_plural(1, "pool", "pools", &text);
	humanize_plural(1000, " pool", " pools", &text);
	assert_string_equal(buf_text(&text), "1 pool1 000  pools");
	buf_release(&text);
}

static void test_gauges(void **state) {
	static const struct {
		struct gauge gauge;
		bool ascii;
		const char *text;
	} cases[] = {
	    {{.used = 0, .size = 100, .warn = 80, .crit = 90}, false, "│        ╎╎│\n"},
	    {{.used = 100, .size = 100, .warn = 80, .crit = 90}, false, "│██████████│\n"},
	    {{.used = 1, .size = 1e30, .warn = 80, .crit = 90}, false, "│▏       ╎╎│\n"},
	    {{.used = 1e30 - 1e14, .size = 1e30, .warn = 80, .crit = 90}, false, "│█████████▉│\n"},
	    {{.used = 45, .back = 20, .size = 100, .warn = 80, .crit = 90}, false, "│████▌▒▒ ╎╎│\n"},
	    {{.used = 45, .back = 20, .size = 100, .warn = 80, .crit = 90}, true, "|####+%%.|||\n"},
	    {{.used = 0, .size = 0, .warn = 80, .crit = 90}, false, "│        ╎╎│\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct grid *g = grid_new(1, 12, cases[i].ascii);
		struct buf text = {0};

		gauge_draw(g, 0, 0, 12, &cases[i].gauge);
		grid_text(g, &text);
		assert_string_equal(buf_text(&text), cases[i].text);
		buf_release(&text);
		grid_free(g);
	}
}

/* RFC 4648's own vectors, in the sequence that a terminal takes. */
static void test_clipboard(void **state) {
	static const char *const cases[][2] = {{"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
	    {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf sequence = {0};
		struct buf expected = {0};

		clipboard_sequence(cases[i][0], strlen(cases[i][0]), &sequence);
		buf_printf(&expected, "\033]52;c;%s\033\\", cases[i][1]);
		assert_string_equal(buf_text(&sequence), buf_text(&expected));
		buf_release(&sequence);
		buf_release(&expected);
	}
}

/* A wide character that is overwritten or cut leaves a valid grid. */
static void test_wide_cells(void **state) {
	struct grid *g = grid_new(1, 6, false);
	struct buf text = {0};

	(void)state;
	(void)grid_put(g, 0, 0, 6, STYLE_NORMAL, "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e");
	assert_true(grid_valid(g));
	(void)grid_put(g, 0, 1, 6, STYLE_NORMAL, "x");
	(void)grid_put(g, 0, 4, 5, STYLE_NORMAL, "\xe6\x97\xa5");
	assert_true(grid_valid(g));
	grid_text(g, &text);
	assert_string_equal(buf_text(&text), " x\xe6\x9c\xac\n");
	buf_release(&text);
	grid_free(g);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_spans),
	    cmocka_unit_test(test_percents),
	    cmocka_unit_test(test_times_and_counts),
	    cmocka_unit_test(test_gauges),
	    cmocka_unit_test(test_clipboard),
	    cmocka_unit_test(test_wide_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
