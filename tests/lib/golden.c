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
#include "db/base/clock.h"
#include "db/base/mem.h"
#include "ui/console/app/app.h"
#include "ui/console/frame/draw.h"
#include "ui/console/terminal/grid.h"
#include "ui/text/column.h"
#include "ui/console/terminal/theme.h"
#include "ui/text/row.h"

#define FOLDER "tests/console/golden/"

struct id golden_id(unsigned n) {
	return (struct id){.bytes = {0x4f, 0x2c, 0x0a, 0x91, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0,
			       (unsigned char)(n >> 8), (unsigned char)n}};
}

/* The rows with which the tests' server answers each view. */
static struct {
	const struct view *view;
	struct rowset rows;
	int64_t total;
} answers[16];

static void answers_clear(void) {
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		rowset_release(&answers[i].rows);
		answers[i].view = NULL;
	}
}

/* The alerts, on every screen. */
static const struct alert alerts[] = {
    {.rank = 1,
	.kind = ALERT_FULL_WAITING,
	.severity = SEVERITY_CRITICAL,
	.target = "pool/fra-edge-v4",
	.since = GOLDEN_NOW - 192 * 60 * TIME_SECOND,
	.text = "fra-edge-v4: nothing free, 118 requests wait",
	.hint = "berth pool show fra-edge-v4 tells who holds the values",
	.count = 1},
    {.rank = 2,
	.kind = ALERT_STUCK,
	.severity = SEVERITY_CRITICAL,
	.target = "pool/lab",
	.since = GOLDEN_NOW - 25 * 60 * TIME_SECOND,
	.text = "lab: 8 commands are stuck (release): exit 1: the switch \033[31mis off",
	.hint = "berth queue list --state quarantined shows them; retry, skip or force each",
	.count = 8},
    {.rank = 3,
	.kind = ALERT_LIMIT,
	.severity = SEVERITY_WARNING,
	.target = "org/acme",
	.since = TIME_NONE,
	.text = "acme: its limit of 12 projects is reached",
	.hint = "berth org limit acme --max-projects N changes it",
	.count = 1},
};

struct lease golden_lease(unsigned n, const char *pool, const char *holder) {
	return (struct lease){.id = golden_id(n),
	    .seq = 1000 - n,
	    .pool = pool,
	    .kind = KIND_NUMBER,
	    .held = true,
	    .value = 31000 + n,
	    .host = "",
	    .state = LEASE_ACTIVE,
	    .holder = holder,
	    .until = TIME_NONE,
	    .created = GOLDEN_NOW - GOLDEN_DAY,
	    .acquired = GOLDEN_NOW - GOLDEN_DAY,
	    .activated = GOLDEN_NOW - GOLDEN_DAY,
	    .released = TIME_NONE,
	    .destroyed = TIME_NONE,
	    .generation = 1,
	    .created_by = "mira",
	    .labels = "{}"};
}

void golden_start(struct app *app, bool ascii) {
	answers_clear();
	app_init(app, "PROD", ascii, false);
	app->link = (struct app_link){.up = true,
	    .server = "pg1:5432",
	    .database = "alloc",
	    .user = "mira",
	    .trouble = "",
	    .retry = TIME_NONE};
	rowset_copy(&app->alerts, &row_alert, alerts, sizeof alerts / sizeof *alerts);
	app->alerted = GOLDEN_STEADY;
	app_tick(app, (struct moment){GOLDEN_NOW, GOLDEN_STEADY});
}

/* Answers the pane's question with the rows of its view, if there are any. */
static void answer(struct app *app, struct pane *pane) {
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		if (answers[i].view == pane->view) {
			struct list_fill fill = {.rows = (const void *const *)answers[i].rows.rows,
			    .count = answers[i].rows.count,
			    .jump = pane->list.jump};

			list_refresh(&pane->list, &fill, app->now.steady);
			pane->fetched = app->now.steady;
			pane->fresh = false;
			pane->total = answers[i].total;
		}
	}
}

void golden_fill(struct app *app, const struct view *view, const void *rows, size_t count, int64_t total) {
	struct pane *pane = app_pane_of(app, view);
	size_t i = 0;

	while (answers[i].view != NULL && answers[i].view != view) {
		i++;
	}
	answers[i].view = view;
	answers[i].total = total;
	rowset_release(&answers[i].rows);
	rowset_copy(&answers[i].rows, view->kind.shape->type, rows, count);
	if (pane != NULL) {
		answer(app, pane);
	}
}

void golden_settle(struct app *app) {
	app_pane(app)->list.jump = JUMP_NONE;
	app_pane(app)->fresh = false;
}

void golden_type(struct app *app, const char *text) {
	for (; *text != '\0'; text++) {
		struct key_event event = {.key = (unsigned char)*text};

		app_layout(app, 24, 80);
		app_key(app, &event);
		if (!app_pane(app)->list.filled) {
			answer(app, app_pane(app));
		}
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

/* Returns how many columns at the end of a row are blank; *cut: a text in the row is cut. The mark after a
 * blank is a glyph. */
static int room_after(const struct grid *g, int row, const struct rect *area, bool *cut) {
	const char *before = " ";
	int blank = 0;

	for (int column = area->column; column < area->column + area->columns; column++) {
		const char *text = grid_at(g, row, column)->text;

		*cut = *cut || (strcmp(text, "\xe2\x80\xa6") == 0 && *before != ' ' && *before != '\0');
		blank = *text == '\0' || *text == ' ' ? blank + 1 : 0;
		before = text;
	}
	return blank;
}

/* Checks that no text of a list is cut while all of its rows have room. */
static void check_cuts(const struct app *app, const struct grid *g) {
	const struct rect *list = &app->shown;
	int room = list->columns;
	bool cut = false;

	if (app->mode != MODE_LIST || app_shown(app)->expanded || list->row < 1) {
		return;
	}
	for (int row = list->row - 1;
	     row < list->row + (int)app_shown(app)->list.count && row < list->row + list->rows; row++) {
		int after = room_after(g, row, list, &cut);

		room = after < room ? after : room;
	}
	if (cut && room > 1) {
		struct buf text = {0};

		grid_text(g, &text);
		fail_msg("a text is cut, with %d columns of room:\n%s", room, buf_text(&text));
	}
}

/* Appends the text of a screen, and its styles. */
static void put_screen(struct app *app, int rows, int columns, struct buf *text, struct buf *styles) {
	struct grid *g = grid_new(rows, columns, app->ascii);

	app_layout(app, rows, columns);
	app_draw(app, g);
	assert_true(grid_valid(g));
	check_cuts(app, g);
	grid_text(g, text);
	buf_puts(styles, "-- styles; cursor ");
	buf_printf(styles, "%d,%d\n", g->cursor_row, g->cursor_column);
	grid_styles(g, styles);
	buf_puts(styles, "-- styles without colour\n");
	mono_styles(g, styles);
	grid_free(g);
}

/* Compares a text with a golden file. Takes both. */
static void compare(char *path, struct buf now) {
	const char *mode = getenv("BERTH_GOLDEN");
	char *then;

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
}

void golden(struct app *app, const char *name, int rows, int columns) {
	struct buf screen = {0};
	struct buf styles = {0};

	put_screen(app, rows, columns, &screen, &styles);
	buf_puts(&screen, buf_text(&styles));
	buf_release(&styles);
	compare(mem_print(FOLDER "%s-%dx%d%s.txt", name, columns, rows, app->ascii ? "-ascii" : ""), screen);
}

static const struct { int rows, columns; } sizes[] = {{24, 80}, {40, 120}, {12, 44}, {1, 1}, {50, 200}};

void golden_all(struct app *app, const char *name) {
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		golden(app, name, sizes[i].rows, sizes[i].columns);
	}
}

void golden_dialog(struct app *app, const char *name) {
	struct buf all = {0};

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct buf styles = {0};
		struct buf ascii_styles = {0};

		buf_printf(&all, "== %dx%d\n", sizes[i].columns, sizes[i].rows);
		put_screen(app, sizes[i].rows, sizes[i].columns, &all, &styles);
		buf_puts(&all, buf_text(&styles));
		buf_printf(&all, "== %dx%d, ASCII\n", sizes[i].columns, sizes[i].rows);
		app->ascii = true;
		put_screen(app, sizes[i].rows, sizes[i].columns, &all, &ascii_styles);
		app->ascii = false;
		if (strcmp(buf_text(&styles), buf_text(&ascii_styles)) != 0) {
			buf_puts(&all, buf_text(&ascii_styles));
		}
		buf_release(&styles);
		buf_release(&ascii_styles);
	}
	compare(mem_print(FOLDER "%s.txt", name), all);
}
