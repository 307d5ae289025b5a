/* Keys typed in the console, on lists of pools and leases: every screen that they lead to is drawn. A byte is
 * a character of UTF-8, or one beyond 0x7f that begins none a key with a name. */
#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "model/syntax/name.h"
#include "model/text/script.h"
#include "tests/fuzz/fuzz.h"
#include "tests/lib/golden.h"
#include "ui/console/app/app.h"
#include "ui/console/frame/draw.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/widgets/line_editor.h"

enum { KEYS = 200, PASTED = 12 };

/* Reads the next key event; a paste and a click take bytes that follow. */
static struct key_event next(const char **at, const char *end) {
	const char *from = *at;
	struct key_event event = {0};
	uint32_t code = 0;

	if (utf8_next(at, end, &code)) {
		event.key = code == '\n' ? KEY_CODE_ENTER : (int)code;
		return event;
	}
	event.key = KEY_CODE_UP + ((unsigned char)*from & 0x3f) % (KEY_CODE_UNKNOWN - KEY_CODE_UP + 1);
	if (event.key == KEY_CODE_PASTE) {
		event.text = *at;
		event.n = end - *at < PASTED ? (size_t)(end - *at) : PASTED;
		*at += event.n;
	} else if (event.key == KEY_CODE_MOUSE && end - *at >= 2) {
		event.button = (enum mouse_button)((unsigned char)*from >> 6);
		event.row = (unsigned char)*(*at)++;
		event.column = (unsigned char)*(*at)++;
	}
	return event;
}

/* Returns whether Enter would read or write a file that the line names. */
static bool names_file(const struct app *app) {
	const char *text = line_editor_text(&app->command);
	struct script script;
	struct script_line line = {0};
	struct err err = {0};
	bool found = false;

	script_init(&script, text, strlen(text));
	if (app->mode == MODE_COMMAND && script_next(&script, &line, &err)) {
		for (int i = 1; i < line.argc; i++) {
			found = found || strcmp(line.argv[i], "export") == 0 ||
				strcmp(line.argv[i], "import") == 0 || strcmp(line.argv[i], "batch") == 0;
		}
	}
	script_line_release(&line);
	err_release(&err);
	return found;
}

static void draw(struct app *app, int rows, int columns) {
	struct grid *g = grid_new(rows, columns, app->ascii);

	app_layout(app, rows, columns);
	app_draw(app, g);
	fuzz_check(grid_valid(g));
	grid_free(g);
}

static void start(struct app *app) {
	const struct lease leases[] = {golden_lease(1, "web", "ci"), golden_lease(2, "web", "vm 17"),
	    golden_lease(3, "lab", "h\xc3\xa4ns")};
	const struct pool pools[] = {{.id = golden_id(7),
	    .name = "web",
	    .space = "global",
	    .labels = "{}",
	    .capacity = {"10"},
	    .used = {"3"},
	    .held_back = {"0"},
	    .free = {"7"},
	    .addresses = {"10"},
	    .excluded = {"0"},
	    .week = "",
	    .warn = 80,
	    .crit = 90,
	    .runs_out = TIME_NONE,
	    .runs_out_from = TIME_NONE,
	    .runs_out_by = TIME_NONE,
	    .sampled = TIME_NONE,
	    .full_since = TIME_NONE,
	    .week_end = TIME_NONE,
	    .created = GOLDEN_NOW}};

	fuzz_file("views", NULL, 0);
	golden_start(app, false);
	app_layout(app, 24, 80);
	golden_fill(app, &view_pools, pools, 1, 1);
	golden_fill(app, &view_leases, leases, 3, 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	char *text = fuzz_text(data, n);
	const char *at = text, *end = text + n;
	struct app app;
	int count = 0;

	start(&app);
	while (at < end && count++ < KEYS) {
		struct key_event event = next(&at, end);

		if (event.key != KEY_CODE_ENTER || !names_file(&app)) {
			app_key(&app, &event);
		}
		app_layout(&app, 24, 80);
		fuzz_check(line_editor_valid(&app.command) && line_editor_valid(&app.filter));
		if (count % 8 == 0) {
			draw(&app, 24, 80);
		}
	}
	draw(&app, 24, 80);
	draw(&app, 8, 40);
	app_release(&app);
	free(text);
	return 0;
}
