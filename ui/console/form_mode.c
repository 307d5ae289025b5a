#include "ui/console/form_mode.h"

#include <string.h>

#include "db/buf.h"
#include "ui/console/app.h"
#include "ui/console/write_mode.h"

/* What is needed to send a form. */
static const struct key act = {.need = NEED_WRITE | NEED_FRESH};

static const struct form_kind *const kinds[] = {[FORM_ALLOCATE] = &form_allocate};

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

static void fill_allocate(struct app *app, struct form *form) {
	form->known = kind_of(app, form->about, &form->kind) != NULL;
	form_set(form, FORM_POOL, form->about == NULL ? "" : form->about);
	form->at = form->about == NULL ? FORM_POOL : FORM_VALUE;
}

/* What was left is opened again, unless it was about something else and nothing hangs on it. */
static bool goes_on(const struct form *form, const struct form_kind *is, const char *about) {
	return form_is_open(form) &&
	       (form->unsettled || (form->is == is && (about == NULL || form->about == NULL ||
							  strcmp(form->about, about) == 0)));
}

void form_mode_open(struct app *app, enum form_type type, const char *about) {
	static void (*const fills[])(struct app *, struct form *) = {[FORM_ALLOCATE] = fill_allocate};
	struct form *form = &app->form;

	if (!goes_on(form, kinds[type], about)) {
		form_open(form, kinds[type], id_new(), about);
		fills[type](app, form);
	} else if (form->unsettled) {
		app_say(app, STYLE_DANGER, "not settled yet: only then can something else be %s",
		    kinds[type]->done);
	} else {
		app_say(app, STYLE_NORMAL, "as it was left; Esc drops it");
	}
	app->mode = MODE_FORM;
	app->wishes.flush |= form->at == form->is->count;
}

void form_mode_row(struct app *app, enum form_type type) {
	form_mode_open(app, type, app_pool(app));
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
	const struct form *form = &app->form;
	char id[ID_TEXT];

	app->mode = MODE_LIST;
	if (form->unsettled) {
		app_say(app, STYLE_DANGER, "%s may have been %s: %s asks again", id_text(form->id, id),
		    form->is->done, form->is->key);
	} else if (app_refuses(app, &act) != NULL) {
		app_say(app, STYLE_WARNING, "nothing was %s; what was typed is kept: %s%s brings it back",
		    form->is->done, app_writable(app) ? "" : "W, then ", form->is->key);
	} else {
		app_say(app, STYLE_NORMAL, "nothing was %s", form->is->done);
		form_release(&app->form);
	}
}

static void forget(struct app *app) {
	struct buf command = {0};

	app->mode = MODE_LIST;
	app->form.is->tells(&app->form, &command);
	app_say(app, STYLE_DANGER, "not settled: %s tells", buf_text(&command));
	buf_release(&command);
	form_release(&app->form);
}

void form_mode_press(struct app *app, const struct press *press) {
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
