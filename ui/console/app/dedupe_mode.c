#include "ui/console/app/dedupe_mode.h"

#include "db/base/buf.h"
#include "db/base/err.h"
#include "ui/console/app/app.h"
#include "ui/console/input/dedupe_words.h"
#include "ui/console/app/write_mode.h"

static void show(struct app *app) {
	app->mode = MODE_MERGE;
	app->wishes.flush = true;
	app->wishes.act = ACT_MERGE;
	buf_cut(&app->message, 0);
}

void merge_mode_fix(struct app *app, const char *words) {
	enum dedupe_survivor survivor;
	struct buf ask = {0};
	struct err err = {0};

	if (dedupe_words_read(words, true, &ask, &survivor, &err)) {
		merge_open_fix(&app->merge, &ask, words);
		show(app);
	} else {
		app_say(app, STYLE_WARNING, "%s", err.message);
		err_release(&err);
	}
	buf_release(&ask);
}

void merge_mode_undo(struct app *app, struct id run) {
	merge_open_undo(&app->merge, run);
	show(app);
}

void merge_mode_row(struct app *app) {
	const struct pane *pane = app_pane(app);

	if (app->current == PLACE_OF_RUNS) {
		merge_mode_undo(app, list_current(&pane->list)->id);
	} else {
		merge_mode_fix(app, pane->scope);
	}
}

/* What has ended stands with the runs. */
static void leave(struct app *app) {
	bool ended = app->merge.state == MERGE_ENDED;

	app->mode = MODE_LIST;
	app->wishes.act = ACT_NONE;
	if (ended) {
		app_say(
		    app, app->merge.failed ? STYLE_DANGER : STYLE_BOLD, "%s", buf_text(&app->merge.result));
		app_scope(app, PLACE_OF_RUNS, NULL); /* the newest under the cursor */
	} else {
		app_say(app, STYLE_NORMAL, "nothing was begun");
	}
	merge_release(&app->merge);
}

void merge_mode_press(struct app *app, const struct press *press) {
	switch (merge_press(&app->merge, press)) {
	case MERGE_CONFIRMED:
		if (write_mode_confirms(app)) {
			app->merge.state = MERGE_RUNS;
		}
		break;
	case MERGE_LEFT:
		leave(app);
		break;
	case MERGE_GOES_ON:
		if (press->key == PRESS_PASTE) {
			app_say(app, STYLE_WARNING, "paste ignored: a plan is confirmed by hand");
		}
		break;
	}
}

static bool is_mine(const struct app *app, struct id run) {
	return app->merge.state == MERGE_LOOKS && id_equal(app->merge.id, run);
}

static void give_up(struct app *app) {
	app->mode = app->mode == MODE_MERGE ? MODE_LIST : app->mode;
	merge_release(&app->merge);
}

void merge_mode_answered(struct app *app, struct id run, const struct batch *b) {
	struct buf why = {0};

	if (is_mine(app, run)) {
		app->wishes.flush = true; /* keys typed before it was shown whole */
		if (!merge_take(&app->merge, b, &why)) {
			give_up(app);
			app_say(app, STYLE_WARNING, "%s", buf_text(&why));
		}
	}
	buf_release(&why);
}

void merge_mode_failed(struct app *app, struct id run) {
	if (is_mine(app, run)) {
		give_up(app);
	}
}
