#include "ui/console/write_mode.h"

#include <string.h>

#include "db/clock.h"
#include "ui/console/app.h"

/* What is needed to send the form. */
static const struct key act = {.need = NEED_WRITE | NEED_FRESH};

void write_mode_toggle(struct app *app) {
	if (app_writable(app)) {
		app->write_until = TIME_NONE;
		app_say(app, STYLE_NORMAL, "read-only again");
	} else if (app->read_only) {
		app_say(app, STYLE_WARNING, "refused: berth was started with --read-only");
	} else if (*app_environment(app) == '\0') {
		app_say(app, STYLE_WARNING, "refused: there is no connection yet");
	} else {
		prompt_set(&app->unlock, "");
		app->behind = app->mode;
		app->mode = MODE_UNLOCK;
		app->wishes.flush = true;
	}
}

void write_mode_unlock(struct app *app, const struct press *press) {
	enum prompt_result result =
	    press->key == PRESS_PASTE ? PROMPT_IGNORED : prompt_press(&app->unlock, press);

	if (result != PROMPT_DROPPED && result != PROMPT_ACCEPTED) {
		return;
	}
	app->mode = app->behind;
	app->wishes.flush |= app->mode != MODE_LIST;
	if (result == PROMPT_DROPPED) {
		app_say(app, STYLE_NORMAL, "still read-only");
	} else if (strcmp(prompt_text(&app->unlock), app_environment(app)) == 0) {
		app->write_until = app->now.steady + APP_WRITE;
		app_say(app, STYLE_WARNING, "write mode for 10 minutes%s",
		    app->mode != MODE_LIST ? "" : "; W ends it");
	} else {
		app_say(app, STYLE_WARNING, "still read-only: the environment's name is %s",
		    app_environment(app));
	}
}

/* The kind of a pool, as far as a row that is there tells. */
static const enum kind *kind_of(const struct app *app, const char *pool, enum kind *kind) {
	for (size_t i = 0; pool != NULL && i <= PLACE_OF_LEASES; i++) {
		const struct list *list = &app->panes[i].list;

		for (size_t k = 0; k < list->count; k++) {
			const void *row = list->rows[k].data;

			if (strcmp(views[i]->scope(row), pool) == 0) {
				*kind = (enum kind)(i == PLACE_OF_POOLS ? ((const struct pool *)row)->kind
									: ((const struct lease *)row)->kind);
				return kind;
			}
		}
	}
	return NULL;
}

/* What was left is opened again, unless it was for another pool and nothing hangs on it. */
static bool goes_on(const struct form *form, const char *pool) {
	return form_is_open(form) &&
	       (form->unsettled || pool == NULL || form->pool == NULL || strcmp(form->pool, pool) == 0);
}

void write_mode_allocate(struct app *app, const char *pool) {
	struct form *form = &app->form;
	enum kind kind;

	if (!goes_on(form, pool)) {
		form_open(form, id_new(), pool, kind_of(app, pool, &kind));
	} else if (form->unsettled) {
		app_say(app, STYLE_DANGER, "not settled yet: only then can something else be allocated");
	} else {
		app_say(app, STYLE_NORMAL, "as it was left; Esc drops it");
	}
	app->mode = MODE_FORM;
	app->wishes.flush |= form->at == FORM_FIELDS;
}

static void submit(struct app *app) {
	const char *refused = app_refuses(app, &act);

	if (refused != NULL) {
		app_say(app, STYLE_WARNING, "%s", refused);
	} else {
		app->wishes.act = ACT_FORM;
	}
}

static void leave(struct app *app) {
	char id[ID_TEXT];

	app->mode = MODE_LIST;
	if (app->form.unsettled) {
		app_say(
		    app, STYLE_DANGER, "%s may have been allocated: a asks again", id_text(app->form.id, id));
	} else if (app_refuses(app, &act) != NULL) {
		app_say(app, STYLE_WARNING,
		    "nothing was allocated; what was typed is kept: %sa brings it back",
		    app_writable(app) ? "" : "W, then ");
	} else {
		form_release(&app->form);
		app_say(app, STYLE_NORMAL, "nothing was allocated");
	}
}

static void forget(struct app *app) {
	char id[ID_TEXT];

	app->mode = MODE_LIST;
	app_say(app, STYLE_DANGER, "not settled: berth lease show %s tells", id_text(app->form.id, id));
	form_release(&app->form);
}

void write_mode_form(struct app *app, const struct press *press) {
	switch (form_press(&app->form, press)) {
	case FORM_ASKS:
		app->wishes.flush = true;
		break;
	case FORM_SUBMITTED:
		submit(app);
		break;
	case FORM_UNLOCKS:
		if (!app_writable(app)) {
			write_mode_toggle(app);
		}
		break;
	case FORM_FORGOTTEN:
		forget(app);
		break;
	case FORM_LEFT:
		leave(app);
		break;
	case FORM_GOES_ON:
		break;
	}
}
