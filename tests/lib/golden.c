#include "tests/lib/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "ui/console/app/app.h"
#include "ui/console/frame/draw.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/terminal/theme.h"
#include "ui/text/row.h"

#define FOLDER "tests/console/golden/"

struct id golden_id(unsigned n) {
	return (struct id){.bytes = {0x4f, 0x2c, 0x0a, 0x91, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0,
			       (unsigned char)(n >> 8), (unsigned char)n}};
}

void golden_start(struct app *app, bool ascii) {
	app_init(app, "PROD", ascii, false);
	app->link = (struct app_link){.up = true,
	    .server = "pg1:5432",
	    .database = "alloc",
	    .user = "mira",
	    .trouble = "",
	    .retry = TIME_NONE};
	app_tick(app, (struct moment){GOLDEN_NOW, GOLDEN_STEADY});
}

void golden_fill(
    struct app *app, const struct view *view, const void *rows, size_t size, size_t count, int64_t total) {
	const void **pointers = mem_new(count, sizeof *pointers);
	struct pane *pane = app_pane_of(app, view);
	struct list_fill answer = {.count = count, .jump = pane->list.jump};

	for (size_t i = 0; i < count; i++) {
		pointers[i] = (const char *)rows + i * size;
	}
	answer.rows = pointers;
	list_refresh(&pane->list, &answer, app->now.steady);
	pane->fetched = app->now.steady;
	pane->fresh = false;
	pane->total = total;
	free(pointers);
}

void golden_type(struct app *app, const char *text) {
	for (; *text != '\0'; text++) {
		struct key_event event = {.key = (unsigned char)*text};

		app_layout(app, 24, 80);
		app_key(app, &event);
	}
}

static char *read_file(const char *path) {
	FILE *file = fopen(path, "r");
	struct buf text = {0};
	char part[4096];
	size_t n;

	while (file != NULL && (n = fread(part, 1, sizeof part, file)) > 0) {
		buf_add(&text, part, n);
	}
	if (file != NULL) {
		(void)fclose(file);
	}
	return buf_take(&text);
}

/* Returns the letter of a cell's style without colour. */
static char mono_letter(const struct theme *mono, const struct cell *cell) {
	struct look look = theme_look(mono, (enum style)cell->style, cell->cursor, false);

	if (look.reverse) {
		return look.bold ? 'R' : look.dim ? 'D' : 'r';
	}
	return look.bold ? 'b' : look.dim ? 'd' : look.underline ? 'u' : '.';
}

static void mono_styles(const struct grid *g, struct buf *out) {
	struct theme mono = theme_builtin("mono");

	for (int row = 0; row < g->rows; row++) {
		size_t end = out->len;

		for (int column = 0; column < g->columns; column++) {
			buf_char(out, mono_letter(&mono, grid_at(g, row, column)));
			end = buf_text(out)[out->len - 1] != '.' ? out->len : end;
		}
		buf_cut(out, end);
		buf_char(out, '\n');
	}
}

void golden(struct app *app, const char *name, int rows, int columns) {
	struct grid *g = grid_new(rows, columns, app->ascii);
	char *path = mem_print(FOLDER "%s-%dx%d%s.txt", name, columns, rows, app->ascii ? "-ascii" : "");
	const char *mode = getenv("BERTH_GOLDEN");
	struct buf now = {0};
	char *then;

	app_layout(app, rows, columns);
	app_draw(app, g);
	assert_true(grid_valid(g));
	grid_text(g, &now);
	buf_puts(&now, "-- styles; cursor ");
	buf_printf(&now, "%d,%d\n", g->cursor_row, g->cursor_column);
	grid_styles(g, &now);
	buf_puts(&now, "-- styles without colour\n");
	mono_styles(g, &now);
	if (mode != NULL && strcmp(mode, "write") == 0) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		assert_true(fputs(buf_text(&now), file) >= 0);
		assert_int_equal(fclose(file), 0);
	}
	then = read_file(path);
	if (strcmp(then, buf_text(&now)) != 0) {
		print_error("%s differs from:\n%s", path, buf_text(&now));
	}
	assert_string_equal(then, buf_text(&now));
	free(then);
	free(path);
	buf_release(&now);
	grid_free(g);
}

static const struct { int rows, columns; } sizes[] = {{24, 80}, {40, 120}, {12, 44}, {1, 1}};

void golden_all(struct app *app, const char *name) {
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		golden(app, name, sizes[i].rows, sizes[i].columns);
	}
}
