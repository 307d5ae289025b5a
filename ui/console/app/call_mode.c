#include "ui/console/app/call_mode.h"

#include <string.h>

#include "db/base/err.h"
#include "ui/console/app/app.h"
#include "ui/console/terminal/grid.h"
#include "ui/verbs/call.h"

enum { TITLE = 2 /* rows above the text */, ASIDE = 8 /* columns that one key press scrolls */ };

void call_mode_release(struct call_mode *mode) {
	call_free(mode->call);
	pager_release(&mode->pager);
	*mode = (struct call_mode){.number = mode->number};
}

static void show(struct app *app) {
	pager_open(&app->call.pager, call_text(app->call.call));
	app->requests.flush = true; /* drops keys typed before it was shown whole */
}

void call_mode_open(struct app *app, struct call *call) {
	struct call_mode *mode = &app->call;

	call_mode_release(mode);
	mode->call = call;
	mode->number++;
	app->mode = MODE_CALL;
	buf_cut(&app->message, 0);
	if (call_sends(call)) {
		mode->state = CALL_LOOKS;
		app->requests.act = ACT_CALL;
	} else {
		mode->state = CALL_DONE;
	}
	show(app);
}

static void leave(struct app *app) {
	struct call_mode *mode = &app->call;

	app->requests.cancel |= mode->state == CALL_LOOKS;
	app->requests.act = app->requests.act == ACT_CALL ? ACT_NONE : app->requests.act;
	app->requests.refresh = true;
	app->mode = MODE_LIST;
	call_mode_release(mode);
	mode->number++;
}

static void scroll(struct app *app, const struct key_event *event) {
	struct pager *p = &app->call.pager;
	const struct key *key = key_find(event->key, &view_leases);

	if (event->key == KEY_CODE_RIGHT || event->key == 'l') {
		pager_scroll(p, 0, ASIDE);
	} else if (event->key == KEY_CODE_LEFT || event->key == 'h') {
		pager_scroll(p, 0, -ASIDE);
	} else if (key != NULL && key->request == REQUEST_MOVE) {
		const int lines[] = {[MOVE_UP] = -1,
		    [MOVE_DOWN] = 1,
		    [MOVE_PAGE_UP] = -p->page,
		    [MOVE_PAGE_DOWN] = p->page,
		    [MOVE_HALF_UP] = -p->page / 2,
		    [MOVE_HALF_DOWN] = p->page / 2,
		    [MOVE_FIRST] = -p->lines,
		    [MOVE_LAST] = p->lines};

		pager_scroll(p, lines[key->argument], 0);
	}
}

void call_mode_key(struct app *app, const struct key_event *event) {
	if (app->call.state == CALL_DONE && pager_key(&app->call.pager, call_text(app->call.call), event)) {
		return;
	}
	switch (event->key) {
	case KEY_CODE_ESCAPE:
	case KEY_CODE_CTRL('c'):
	case 'q':
		leave(app);
		break;
	default:
		scroll(app, event);
		break;
	}
}

/* Returns to the typed line and shows the error in it. */
static void complain(struct app *app, const struct err *err) {
	struct call *call = app->call.call;

	app_reject(app, call_line(call), call_blamed(call, err), err);
	call_mode_release(&app->call);
	app->call.number++;
}

struct batch *call_mode_start(struct app *app) {
	struct err err = {0};
	struct batch *b;

	if (app->call.call == NULL) {
		return NULL;
	}
	b = call_batch(app->call.call, &err);
	if (b == NULL) {
		complain(app, &err);
		err_release(&err);
	}
	return b;
}

static void answered(struct app *app, const struct batch *b, struct err *err) {
	struct call_mode *mode = &app->call;

	if (!call_answered(mode->call, b, err)) {
		complain(app, err);
	} else if (call_sends(mode->call)) {
		app->requests.act = ACT_CALL;
	} else {
		mode->state = CALL_DONE;
		show(app);
	}
}

void call_mode_answered(struct app *app, uint64_t number, const struct batch *b) {
	struct err err = {0};

	if (number == app->call.number && app->call.call != NULL) {
		answered(app, b, &err);
		err_release(&err);
	}
}

void call_mode_failed(struct app *app, uint64_t number, struct err *err) {
	if (number == app->call.number && app->call.call != NULL) {
		call_explain(app->call.call, err);
		complain(app, err);
	}
}

void call_mode_layout(struct app *app, int rows) {
	app->call.pager.page = rows > TITLE ? rows - TITLE : 0;
}

/* Draws the line that was typed, and that its answer is not there yet. */
static void draw_title(const struct app *app, struct grid *g, struct rect body) {
	const char *line = call_line(app->call.call);
	int column = grid_put(g, body.row, 1, g->columns, STYLE_ACCENT, ":");

	(void)grid_foreign(g, body.row, column, g->columns, STYLE_BOLD, line, strlen(line));
	if (body.rows > 1 && app->call.state == CALL_LOOKS) {
		(void)grid_put(g, body.row + 1, 1, g->columns, STYLE_DIM, "asking the server");
	}
}

void call_mode_draw(const struct app *app, struct grid *g, struct rect body) {
	struct rect text = {body.row + TITLE, 1, body.rows - TITLE, g->columns - 1};

	if (app->call.call != NULL) {
		draw_title(app, g, body);
		pager_draw(&app->call.pager, call_text(app->call.call), g, text);
	}
}
