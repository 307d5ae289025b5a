/*
 * The console as lines, for screen readers: it prints the list as sentences and reads a line at a time.
 *
 * A line of one character is a key, `/word` the filter, and everything else what is typed after `:`. In a
 * dialog the line is typed into it. Behind it is the same state as behind the screen, so that everything the
 * screen can do can be done here, with the same questions.
 */
#include "ui/console/console.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/clock.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/conn/conn.h"
#include "model/syntax/name.h"
#include "model/text/safe.h"
#include "ui/console/app/app.h"
#include "ui/console/app/reads.h"
#include "ui/console/app/refresh.h"
#include "ui/console/app/submit.h"
#include "ui/console/customize.h"
#include "ui/console/destination.h"
#include "ui/console/frame/draw.h"
#include "ui/console/frame/frame.h"
#include "ui/console/lines_text.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/terminal/tty.h"
#include "ui/text/humanize.h"
#include "ui/verbs/call.h"

enum { ROWS = 60, COLUMNS = 100, HEADER = 2 /* rows above a dialog */, QUESTION = 9 };

#define QUERY_TIME (10 * TIME_SECOND)

struct lines {
	const struct console_options *options;
	struct app app;
	struct conn **conn;
	struct pair pair;
	struct destination to;
	struct grid *grid;
	FILE *out;
	struct id current; /* the row under the cursor, as printed last */
	uint64_t question;
	char *told;        /* the last message */
	struct id pending; /* the command whose window was told last */
	struct err *err;
	bool failed; /* err is set: it cannot go on */
};

static void print(const struct lines *l, const char *text, size_t n) {
	struct buf safe = {0};

	safe_text(text, n, l->app.ascii ? SAFE_ASCII : SAFE_UTF8, &safe);
	(void)fprintf(l->out, "%s\n", buf_text(&safe));
	buf_release(&safe);
}

static void update(struct lines *l) {
	if (!destination_watch(&l->pair, &l->app.link, l->err)) {
		l->failed = l->app.requests.quit = true;
	}
	reads_tell(&l->app);
	app_tick(&l->app, (struct moment){pair_now(&l->pair), clock_steady()});
	app_layout(&l->app, ROWS, COLUMNS);
}

/* Sends the next batch and takes its answer. */
static void send(struct lines *l, struct batch *b, struct in_flight *in_flight) {
	struct err err = {0};

	if (pair_run(&l->pair, b, destination_use(in_flight->act), clock_steady() + QUERY_TIME, &err)) {
		update(l);
		refresh_answered(&l->app, in_flight, b);
	} else {
		update(l);
		refresh_failed(&l->app, in_flight, &err);
	}
	err_release(&err);
	batch_free(b);
	in_flight_release(in_flight);
}

/* Sends what is to be sent, and then asks for the rows once more. */
static void settle(struct lines *l) {
	struct in_flight in_flight = {0};

	while (submit_due(&l->app) || export_mode_due(&l->app)) {
		struct batch *b = submit_due(&l->app) ? submit_start(&l->app, &in_flight, l->options->detail)
						      : export_mode_start(&l->app, &in_flight);

		if (b != NULL) {
			send(l, b, &in_flight);
		}
	}
	send(l, refresh_start(&l->app, &in_flight), &in_flight);
}

static void connect_elsewhere(struct lines *l) {
	struct destination to = {0};
	struct err err = {0};
	char *profile = l->app.requests.connect;

	l->app.requests.connect = NULL;
	if (destination_open(&to, profile, &err)) {
		conn_free(l->pair.primary);
		pair_release(&l->pair);
		*l->conn = conn_new(destination_change(&l->to, &to, l->options, &l->app));
		pair_init(&l->pair, *l->conn, destination_reads(&l->to, l->options));
	} else {
		app_tell(&l->app, STYLE_DANGER, &err);
	}
	err_release(&err);
	free(profile);
}

static void print_row(struct lines *l, const struct list_row *row, bool current) {
	struct buf text = {0};

	lines_row(&l->app, row, current, &text);
	print(l, buf_text(&text), text.len);
	buf_release(&text);
}

static void print_title(struct lines *l) {
	struct buf text = {0};

	lines_title(&l->app, &text);
	print(l, buf_text(&text), text.len);
	buf_release(&text);
}

static void print_list(struct lines *l) {
	const struct list *list = &app_pane(&l->app)->list;
	size_t end = list_page_end(list);

	print_title(l);
	for (size_t i = list->top; i < end; i++) {
		print_row(l, &list->rows[i], i == list->cursor);
	}
	if (list->count == 0) {
		print(l, "no rows", strlen("no rows"));
	}
}

/* Prints the grid from a row on, without empty lines. */
static void print_grid(struct lines *l, int first) {
	struct buf text = {0};
	int row = 0;

	grid_text(l->grid, &text);
	for (const char *at = buf_text(&text); *at != '\0'; row++) {
		size_t n = strcspn(at, "\n");

		if (row >= first && strspn(at, " ") < n) {
			(void)fprintf(l->out, "%.*s\n", (int)n, at);
		}
		at += n + 1;
	}
	buf_release(&text);
}

/* Prints what the screen would show, from a row on. */
static void print_screen(struct lines *l, int first) {
	app_draw(&l->app, l->grid);
	print_grid(l, first);
}

/* Prints the detail of the row under the cursor. */
static void print_detail(struct lines *l) {
	print_title(l);
	app_draw_detail(&l->app, l->grid);
	print_grid(l, 0);
}

/* Prints the list when it is another one, else the row under the cursor when that is another one. */
static void print_change(struct lines *l, bool whole) {
	const struct pane *pane = app_pane(&l->app);
	const struct list_row *row = list_current(&pane->list);
	const struct id none = {{0}};

	if (pane->expanded && row != NULL) {
		print_detail(l);
	} else if (whole || l->question != pane->question) {
		print_list(l);
	} else if (row != NULL && !id_equal(row->id, l->current)) {
		print_row(l, row, true);
	}
	l->current = row == NULL ? none : row->id;
	l->question = pane->question;
}

static void press(struct lines *l, int key) {
	app_key(&l->app, &(struct key_event){.key = key});
	app_layout(&l->app, ROWS, COLUMNS);
}

/* Prints an answer or the help, and leaves it. */
static void print_answer(struct lines *l) {
	if (l->app.mode == MODE_HELP) {
		print_screen(l, HEADER);
	} else {
		(void)fputs(call_text(l->app.call.call), l->out);
	}
	press(l, KEY_CODE_ESCAPE);
}

/* Prints a menu, a line of it each. */
static void print_menu(struct lines *l) {
	const struct menu *menu = &l->app.menu.menu;

	print(l, menu->title, strlen(menu->title));
	for (size_t i = 0; i < menu->count; i++) {
		struct buf text = {0};

		lines_item(menu, i, &text);
		print(l, buf_text(&text), text.len);
		buf_release(&text);
	}
}

static void print_message(struct lines *l) {
	struct buf now = {0};

	lines_message(&l->app, &now);
	if (now.len > 0 && (l->told == NULL || strcmp(l->told, buf_text(&now)) != 0)) {
		print(l, buf_text(&now), now.len);
	}
	free(l->told);
	l->told = buf_take(&now);
	if (l->app.mode == MODE_COMMAND || l->app.mode == MODE_FILTER) {
		press(l, KEY_CODE_ESCAPE); /* the line is typed anew */
	}
}

/* Tells that there is no connection, when the next try is, and why: the rows are then the last ones. */
static void print_link(const struct lines *l) {
	struct buf text = {0};

	if (!l->app.link.up) {
		frame_trouble(&l->app, &text);
		buf_printf(&text, ": %s", l->app.link.trouble);
		print(l, buf_text(&text), text.len);
	}
	buf_release(&text);
}

/* Tells how long the newest command can be cancelled, once. */
static void print_pending(struct lines *l) {
	const struct pending_command *newest = pending_newest(&l->app.pending, l->app.now.steady);

	if (newest != NULL && !id_equal(newest->id, l->pending)) {
		struct buf text = {0};

		buf_puts(&text, "runs in ");
		humanize_exact(newest->until - l->app.now.steady + TIME_SECOND - 1, &text);
		buf_printf(&text, "; u cancels: %s", newest->what);
		print(l, buf_text(&text), text.len);
		buf_release(&text);
		l->pending = newest->id;
	}
}

/* Leaves what needs the loop of the screen: a dedupe run goes on for minutes, on a connection of its own. */
static void leave_dedupe(struct lines *l) {
	if (l->app.mode == MODE_MERGE) {
		press(l, KEY_CODE_ESCAPE);
		app_say(&l->app, STYLE_WARNING, "not here; in a shell: berth dedupe fix, berth dedupe undo");
	}
}

/* Returns the row from which a dialog is printed: a question stands in the last one, and a plan of one row in
 * the last few, below the list that was printed before. */
static int first_row(const struct app *app) {
	return app->mode == MODE_UNLOCK                               ? ROWS - 1
	       : app->mode == MODE_PLAN && !plan_is_whole(&app->plan) ? ROWS - QUESTION
								      : HEADER;
}

static void show(struct lines *l, bool whole) {
	bool answer =
	    l->app.mode == MODE_HELP || (l->app.mode == MODE_CALL && l->app.call.state == CALL_DONE);

	leave_dedupe(l);
	print_link(l);
	print_message(l);
	print_pending(l);
	if (answer) {
		print_answer(l);
	} else if (l->app.mode == MODE_MENU) {
		print_menu(l);
		print(l, ". leaves", strlen(". leaves"));
	} else if (l->app.mode != MODE_LIST) {
		print_screen(l, first_row(&l->app));
		print(l, ". leaves", strlen(". leaves"));
	} else {
		print_change(l, whole);
	}
	(void)fputs(l->app.mode == MODE_LIST ? ": " : "? ", l->out);
	(void)fflush(l->out);
}

static void type(struct lines *l, const char *text) {
	const char *end = text + strlen(text);
	uint32_t code;

	while (text < end) {
		if (utf8_next(&text, end, &code)) {
			press(l, (int)code);
		}
	}
}

/* Types a line into a dialog; a single key of one that has no line to type in goes without Enter. */
static void answer(struct lines *l, const char *line) {
	bool single = l->app.mode == MODE_MENU || l->app.mode == MODE_CALL ||
		      (l->app.mode == MODE_PLAN && !l->app.plan.phrased);

	if (strcmp(line, ".") == 0) {
		press(l, KEY_CODE_ESCAPE);
		return;
	}
	type(l, line);
	if (!single || *line == '\0') {
		press(l, KEY_CODE_ENTER);
	}
}

static void take(struct lines *l, const char *line) {
	size_t n = strlen(line);

	if (l->app.mode != MODE_LIST) {
		answer(l, line);
	} else if (n == 1 && *line != ':' && *line != '/') {
		press(l, (unsigned char)*line);
	} else if (*line == '/') {
		press(l, '/');
		press(l, KEY_CODE_CTRL('u'));
		type(l, line + 1);
		press(l, KEY_CODE_ENTER);
	} else if (n > 1) {
		press(l, ':');
		type(l, *line == ':' ? line + 1 : line);
		press(l, KEY_CODE_ENTER);
	}
}

/* Reads lines until the operator quits, or the input ends. */
static void converse(struct lines *l) {
	char *line = NULL;
	size_t room = 0;

	while (!l->app.requests.quit && getline(&line, &room, stdin) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		settle(l); /* nothing acts on old data */
		print_message(l);
		take(l, line);
		customize(&l->app, NULL);
		if (l->app.requests.connect != NULL) {
			connect_elsewhere(l);
		}
		if (!l->app.requests.quit) {
			settle(l);
			show(l, *line == '\0');
		}
	}
	free(line);
}

bool console_lines(const struct console_options *options, struct conn **conn, FILE *out, struct err *err) {
	struct lines l = {.options = options, .conn = conn, .out = out, .err = err};

	app_init(&l.app, options->environment, options->ascii || !tty_utf8(), options->read_only);
	destination_describe(&l.to, options, &l.app);
	customize_start(&l.app);
	l.grid = grid_new(ROWS, COLUMNS, l.app.ascii);
	pair_init(&l.pair, *conn, options->reads);
	update(&l);
	settle(&l);
	if (!l.failed) {
		show(&l, true);
		converse(&l);
	}
	grid_free(l.grid);
	pair_release(&l.pair);
	free(l.told);
	app_release(&l.app);
	destination_release(&l.to);
	return !l.failed &&
	       (fflush(out) == 0 || err_set(err, ERR_INTERNAL, "the output could not be written"));
}
