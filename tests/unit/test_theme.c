/*
 * Themes: every style is readable on the background that it is made for, gauges are never inverted, and a
 * user's theme is read with its faults told by line.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/config/place.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/terminal/theme.h"
#include "ui/console/widgets/gauge.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define GOLDEN "tests/console/golden/themes.txt"

struct rgb {
	int parts[3];
};

/* Returns a colour as xterm shows it. */
static struct rgb rgb_of(int number) {
	static const struct rgb basic[] = {{{0, 0, 0}}, {{205, 0, 0}}, {{0, 205, 0}}, {{205, 205, 0}},
	    {{0, 0, 238}}, {{205, 0, 205}}, {{0, 205, 205}}, {{229, 229, 229}}, {{127, 127, 127}},
	    {{255, 0, 0}}, {{0, 255, 0}}, {{255, 255, 0}}, {{92, 92, 255}}, {{255, 0, 255}}, {{0, 255, 255}},
	    {{255, 255, 255}}};
	static const int levels[] = {0, 95, 135, 175, 215, 255};
	int cube = number - 16;
	int grey = 8 + 10 * (number - 232);

	if (number < 16) {
		return basic[number];
	}
	return number < 232 ? (struct rgb){{levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6]}}
			    : (struct rgb){{grey, grey, grey}};
}

/* Returns the relative luminance of WCAG. */
static double luminance(int number) {
	static const double weights[] = {0.2126, 0.7152, 0.0722};
	struct rgb rgb = rgb_of(number);
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double part = rgb.parts[i] / 255.0;

		sum += weights[i] * (part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(int a, int b) {
	double x = luminance(a) + 0.05;
	double y = luminance(b) + 0.05;

	return x > y ? x / y : y / x;
}

static int number_of(struct colour colour, bool rich, int own) {
	int number = rich ? colour.rich : colour.basic;

	return number == COLOUR_OWN ? own : number;
}

/* Bold text is readable from 3 on, other text from 4.5. */
static void check_contrast(const char *name, int ink, int paper, bool rich) {
	struct theme theme = theme_builtin(name);

	for (int style = 0; style < STYLES; style++) {
		for (int cursor = 0; cursor < 2; cursor++) {
			struct look look = theme_look(&theme, (enum style)style, cursor != 0, false);
			double found =
			    contrast(number_of(look.ink, rich, ink), number_of(look.paper, rich, paper));

			if (found < (look.bold ? 3 : 4.5)) {
				print_error(
				    "%s %s: %.2f\n", name, style_face((enum style)style)->name, found);
			}
			assert_true(found >= (look.bold ? 3 : 4.5));
		}
	}
}

static void test_contrast(void **state) {
	(void)state;
	for (int rich = 0; rich < 2; rich++) {
		check_contrast("dark", 7, 0, rich != 0);
		check_contrast("light", 0, 15, rich != 0);
		check_contrast("colourblind", 7, 0, rich != 0);
		check_contrast("mono", 7, 0, rich != 0);
	}
}

/* Their brightness tells the colours of "colourblind" apart. */
static void test_brightness(void **state) {
	static const enum style styles[] = {STYLE_ACCENT, STYLE_WARNING, STYLE_DANGER};
	struct theme theme = theme_builtin("colourblind");

	(void)state;
	for (size_t i = 0; i < LENGTH(styles); i++) {
		for (size_t k = 0; k < i; k++) {
			assert_true(
			    contrast(theme.looks[styles[i]].ink.rich, theme.looks[styles[k]].ink.rich) > 1.4);
		}
	}
}

static void put_colour(struct colour colour, struct buf *out) {
	if (colour.rich == COLOUR_OWN) {
		buf_puts(out, "own");
	} else {
		buf_printf(out, "%d/%d", colour.rich, colour.basic);
	}
}

static void put_look(struct look look, struct buf *out) {
	put_colour(look.ink, out);
	buf_puts(out, " on ");
	put_colour(look.paper, out);
	buf_printf(out, "%s%s%s%s", look.bold ? " bold" : "", look.dim ? " dim" : "",
	    look.underline ? " underline" : "", look.reverse ? " reverse" : "");
}

/* Compares the looks of all built-in themes, outside and in the row of the cursor, with a file. */
static void test_golden(void **state) {
	const char *mode = getenv("BERTH_GOLDEN");
	struct buf now = {0};
	struct buf then = {0};
	char part[1024];
	size_t n;
	FILE *file;

	(void)state;
	for (const struct theme_file *t = theme_files; t->name != NULL; t++) {
		struct theme theme = theme_builtin(t->name);

		buf_printf(&now, "%s\n", t->name);
		for (int style = 0; style < STYLES; style++) {
			buf_printf(&now, "  %-13s ", style_face((enum style)style)->name);
			put_look(theme_look(&theme, (enum style)style, false, false), &now);
			buf_puts(&now, "; cursor: ");
			put_look(theme_look(&theme, (enum style)style, true, false), &now);
			buf_char(&now, '\n');
		}
	}
	if (mode != NULL && strcmp(mode, "write") == 0) {
		file = fopen(GOLDEN, "w");
		assert_non_null(file);
		assert_true(fputs(buf_text(&now), file) >= 0);
		assert_int_equal(fclose(file), 0);
	}
	file = fopen(GOLDEN, "r");
	assert_non_null(file);
	while ((n = fread(part, 1, sizeof part, file)) > 0) {
		buf_add(&then, part, n);
	}
	(void)fclose(file);
	assert_string_equal(buf_text(&then), buf_text(&now));
	buf_release(&then);
	buf_release(&now);
}

static void test_gauge(void **state) {
	struct grid *g = grid_new(1, 40, false);

	(void)state;
	gauge_draw(g, 0, 10, 30, &(struct gauge){.used = 1, .size = 2, .warn = 80, .crit = 90});
	grid_cursor_row(g, 0, 0, 40);
	for (const struct theme_file *t = theme_files; t->name != NULL; t++) {
		struct theme theme = theme_builtin(t->name);

		for (int column = 0; column < 40; column++) {
			const struct cell *cell = grid_at(g, 0, column);
			struct look look =
			    theme_look(&theme, (enum style)cell->style, cell->cursor, cell->gauge);

			assert_int_equal(cell->gauge, column >= 10 && column < 30);
			assert_int_equal(look.reverse, !cell->gauge);
		}
	}
	grid_free(g);
}

static int make_folder(void **state) {
	char *folder = mem_print("%s/theme-XXXXXX", getenv("TMPDIR"));

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(setenv("XDG_CONFIG_HOME", folder, 1), 0);
	free(folder);
	return 0;
}

static char *write_theme(const char *name, const char *text) {
	char *below = mem_print("themes/%s", name);
	char *path = place_config(below);
	struct err err = {0};

	assert_true(place_write(path, text, strlen(text), &err));
	free(below);
	return path;
}

static void test_own(void **state) {
	struct theme theme;
	struct err err = {0};

	(void)state;
	free(write_theme("mine", "accent = bold 99/blue on 230\ncursor = bold on 236/black\n"));
	free(write_theme("light", "danger = underline bright-red\n"));
	assert_true(theme_read("mine", &theme, &err));
	assert_int_equal(theme.looks[STYLE_ACCENT].ink.rich, 99);
	assert_int_equal(theme.looks[STYLE_ACCENT].ink.basic, 4);
	assert_int_equal(theme.looks[STYLE_ACCENT].paper.rich, 230);
	assert_int_equal(theme.looks[STYLE_ACCENT].paper.basic, COLOUR_OWN);
	assert_int_equal(theme.looks[STYLE_WARNING].ink.rich, 3); /* of dark */
	assert_false(theme_look(&theme, STYLE_NORMAL, true, false).reverse);
	assert_int_equal(theme_look(&theme, STYLE_NORMAL, true, false).paper.rich, 236);
	assert_int_equal(theme_look(&theme, STYLE_NORMAL, true, true).paper.rich, COLOUR_OWN);
	assert_true(theme_read("light", &theme, &err));
	assert_int_equal(theme.looks[STYLE_DANGER].ink.rich, 9);
	assert_int_equal(theme.looks[STYLE_DANGER].ink.basic, 1);
	assert_true(theme.looks[STYLE_DANGER].underline);
	assert_int_equal(theme.looks[STYLE_ACCENT].ink.rich, 24); /* of light */
}

static const struct {
	const char *text;
	const char *why; /* after the path */
	const char *hint;
} faults[] = {
    {"\nacent = red\n", ":2: unknown style \"acent\"", "did you mean \"accent\"?"},
    {"accent = rde\n", ":1: accent: neither a colour nor an attribute: \"rde\"", NULL},
    {"accent = 256\n", ":1: accent: neither", NULL},
    {"accent = 99/99\n", ":1: accent: neither a colour nor an attribute: \"99/99\"", NULL},
    {"accent = on bold\n", ":1: accent: neither", NULL},
    {"[dark]\n", ":1: a theme has no sections", NULL},
};

static void test_faults(void **state) {
	struct theme theme;
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < LENGTH(faults); i++) {
		char *path = write_theme("wrong", faults[i].text);
		char *start = mem_print("%s%s", path, faults[i].why);

		assert_false(theme_read("wrong", &theme, &err));
		assert_int_equal(err.code, ERR_INVALID_INPUT);
		assert_int_equal(strncmp(err.message, start, strlen(start)), 0);
		assert_true(faults[i].hint == NULL || strcmp(err.hint, faults[i].hint) == 0);
		err_release(&err);
		free(start);
		free(path);
	}
	assert_false(theme_read("drak", &theme, &err));
	assert_string_equal(err.message, "theme \"drak\" does not exist");
	assert_string_equal(err.hint, "did you mean \"dark\"?");
	err_release(&err);
	assert_false(theme_read("solarized", &theme, &err));
	assert_string_equal(err.hint, "the themes are: colourblind, dark, light, mono");
	err_release(&err);
	assert_false(theme_read("../dark", &theme, &err));
	err_release(&err);
}

int main(void) {
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_contrast),
	    cmocka_unit_test(test_brightness),
	    cmocka_unit_test(test_golden),
	    cmocka_unit_test(test_gauge),
	    cmocka_unit_test_setup(test_own, make_folder),
	    cmocka_unit_test_setup(test_faults, make_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
