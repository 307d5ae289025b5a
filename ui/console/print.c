/*
 * Prints a screen as text, for scripts, tests, screen readers and pipes: all rows, a window at a time, so
 * that memory does not grow with their number.
 */
#include "ui/console/console.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "db/batch/batch.h"
#include "db/base/buf.h"
#include "db/conn/conn.h"
#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/console/terminal/grid.h"
#include "ui/console/app/keymap.h"
#include "ui/text/column.h"
#include "ui/text/row.h"
#include "ui/console/list/table.h"
#include "ui/console/terminal/tty.h"
#include "ui/console/list/view.h"
#include "ui/console/list/walk.h"

#define COLUMNS_ELSE 80
#define COLUMNS_MOST 1000
#define ABOVE 8 /* rows for the screen's own header */

struct once {
	const struct view *view;
	struct walk walk;
	struct context context;
	int columns;
	bool ascii;
	bool linear;
	bool head; /* has been printed */
	int widths[TABLE_COLUMNS];
	FILE *out;
};

static int columns_of_terminal(void) {
	const char *asked = getenv("COLUMNS");
	struct winsize size;
	int64_t columns;

	if (asked != NULL && int_parse(asked, 1, COLUMNS_MOST, &columns)) {
		return (int)columns;
	}
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
		return size.ws_col;
	}
	return COLUMNS_ELSE;
}

static void print_line(const struct once *o, const char *text, size_t n) {
	struct buf safe = {0};

	safe_text(text, n, o->ascii ? SAFE_ASCII : SAFE_UTF8, &safe);
	(void)fprintf(o->out, "%s\n", buf_text(&safe));
	buf_release(&safe);
}

static void print_sentence(const struct once *o, const void *row) {
	struct buf text = {0};

	o->view->linear(row, &o->context, &text);
	print_line(o, buf_text(&text), text.len);
	buf_release(&text);
}

/* Widens columns for the first window; the others have the same. */
static void fit(struct once *o, struct table *table, const struct answer *answer) {
	for (size_t i = 0; !o->head && i < answer->fill.count; i++) {
		table_fit(table, answer->rows[i], o->widths);
	}
	table_widen(table, o->widths);
}

/* Prints the window by drawing it into a grid. */
static void print_table(struct once *o, const struct answer *answer) {
	int first = o->head ? 0 : 1;
	int rows = first + (int)answer->fill.count;
	struct grid *g = grid_new(rows, o->columns, o->ascii);
	struct table table;
	struct buf text = {0};

	table_init(&table, o->view, &o->context, (struct rect){first, 0, rows - first, o->columns});
	fit(o, &table, answer);
	if (!o->head) {
		table_head(&table, g, 0);
	}
	for (size_t i = 0; i < answer->fill.count; i++) {
		table_row(&table, g, first + (int)i, answer->rows[i], MARK_NONE, false);
	}
	o->head = true;
	grid_text(g, &text);
	(void)fwrite(buf_text(&text), 1, text.len, o->out);
	buf_release(&text);
	grid_free(g);
}

/* Prints the title: the number of rows, if it is known, and the sort. */
static void print_title(const struct once *o, const struct answer *answer) {
	struct buf text = {0};

	buf_printf(&text, "%s, ", o->view->name);
	if (answer->total >= 0) {
		buf_printf(
		    &text, "%s%lld shown, ", answer->at_least ? "at least " : "", (long long)answer->total);
	}
	buf_puts(&text, "sorted by ");
	view_sort_words(o->view, o->walk.question.sort, o->walk.question.reverse, &text);
	print_line(o, buf_text(&text), text.len);
	buf_release(&text);
}

/* Prints the screen's own header and a blank line. */
static void print_above(struct once *o, const struct batch *b, size_t first, size_t end) {
	struct grid *g = grid_new(ABOVE, o->columns, o->ascii);
	struct pen pen = pen_start(g, (struct rect){0, 0, ABOVE, o->columns});
	struct rowset sets[VIEW_SETS] = {{0}};
	struct context context = o->context;
	struct buf text = {0};

	rowsets_take(sets, o->view->head_types, b, first, end);
	context.head = sets;
	o->view->head(&pen, &context);
	grid_text(g, &text);
	while (text.len > 0 && text.text[text.len - 1] == '\n') {
		buf_cut(&text, text.len - 1);
	}
	(void)fprintf(o->out, "%s\n\n", buf_text(&text));
	buf_release(&text);
	rowsets_release(sets);
	grid_free(g);
}

static void print_window(struct once *o, const struct answer *answer) {
	if (!o->linear) {
		print_table(o, answer);
		return;
	}
	if (!o->head) {
		print_title(o, answer);
		o->head = true;
	}
	for (size_t i = 0; i < answer->fill.count; i++) {
		print_sentence(o, answer->rows[i]);
	}
}

static void begin(struct once *o, int sort) {
	walk_release(&o->walk);
	o->walk = walk_start(o->view, sort, false);
	o->context.sort = sort;
}

/* Prints one window and moves the question after it; *more: there are more rows. */
static bool next_window(struct once *o, struct conn *conn, int64_t deadline, bool *more, struct err *err) {
	struct batch *b = batch_new(BATCH_READ);
	struct answer answer = {0};
	bool above = o->view->ask_head != NULL && !o->head;
	size_t first;

	view_ask(o->view, &o->walk.question, b);
	first = batch_steps(b);
	if (above) {
		o->view->ask_head(b);
	}
	if (!conn_run(conn, b, deadline, err)) {
		batch_free(b);
		return false;
	}
	o->context.now = conn_now(conn);
	view_read(o->view, &o->walk.question, b, &answer);
	if (answer.among > 0) { /* not all are sorted: they are read in the order that has them all */
		begin(o, view_keyed_sort(o->view, o->walk.question.sort));
	} else {
		if (above) {
			print_above(o, b, first, batch_steps(b));
		}
		print_window(o, &answer);
		*more = walk_next(&o->walk, &answer);
	}
	answer_release(&answer);
	batch_free(b);
	return true;
}

static bool no_screen(const char *screen, struct err *err) {
	struct buf names = {0};

	for (size_t i = 0; views[i] != NULL; i++) {
		buf_printf(
		    &names, "%s%s", views[i]->scoped ? "" : " ", views[i]->scoped ? "" : views[i]->name);
	}
	(void)err_set(err, ERR_INVALID_INPUT, "--once \"%s\": no such screen", screen);
	(void)err_hint(err, "the screens are:%s", buf_text(&names));
	buf_release(&names);
	return false;
}

bool console_print(const struct console_options *options, struct conn *conn, const char *screen, int columns,
    int64_t deadline, FILE *out, struct err *err) {
	const struct view *view = view_find(screen);
	bool more = true;
	struct once o = {.out = out, .linear = options->linear};

	if (view == NULL || view->scoped) {
		return no_screen(screen, err);
	}
	o.view = view;
	o.ascii = !tty_utf8() || options->ascii;
	o.context.ascii = o.ascii;
	o.columns = columns > 0 ? columns : columns_of_terminal();
	begin(&o, o.view->first);
	while (more) {
		if (!next_window(&o, conn, deadline, &more, err)) {
			walk_release(&o.walk);
			return false;
		}
	}
	walk_release(&o.walk);
	return fflush(out) == 0 || err_set(err, ERR_INTERNAL, "the output could not be written");
}

void console_keys(FILE *out) {
	struct buf text = {0};

	keys_print(&text);
	(void)fputs(buf_text(&text), out);
	buf_release(&text);
}
