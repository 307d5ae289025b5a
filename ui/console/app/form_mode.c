#include "ui/console/app/form_mode.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"
#include "model/project.h"
#include "ui/console/app/app.h"
#include "ui/console/dialogs/form_names.h"
#include "ui/console/screens/limit_badge.h"
#include "ui/console/screens/project_header.h"
#include "ui/console/screens/project_badge.h"
#include "ui/console/app/write_mode.h"

static const struct form_kind *const kinds[] = {[FORM_ALLOCATE] = &form_allocate,
    [FORM_PROJECT] = &form_project,
    [FORM_LIMIT] = &form_limit,
    [FORM_ORG] = &form_org,
    [FORM_ORG_LIMIT] = &form_org_limit};

/* Returns the kind of a pool if one of the loaded rows has it, else NULL. */
static const enum kind *kind_of(struct app *app, const char *pool, enum kind *kind) {
	static const struct view *const with_kind[] = {&view_pools, &view_leases, NULL};

	for (size_t i = 0; pool != NULL && with_kind[i] != NULL; i++) {
		const struct list *list = &app_pane_of(app, with_kind[i])->list;

		for (size_t k = 0; k < list->count; k++) {
			const void *row = list->rows[k].data;
			const char *its = view_pool(with_kind[i], row);

			if (its != NULL && strcmp(its, pool) == 0) {
				*kind = (enum kind)(i == 0 ? ((const struct pool *)row)->kind
							   : ((const struct lease *)row)->kind);
				return kind;
			}
		}
	}
	return NULL;
}

/* Return the pool, project or organization from the loaded rows, or NULL. */
static const struct pool *find_pool(struct app *app, const char *name) {
	const struct list *list = &app_pane_of(app, &view_pools)->list;

	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(((const struct pool *)list->rows[i].data)->name, name) == 0) {
			return list->rows[i].data;
		}
	}
	return NULL;
}

static const struct project *find_project(struct app *app, const char *name) {
	const struct list *list = &app_pane_of(app, &view_projects)->list;
	const struct project *found = NULL;

	for (size_t i = 0; i < list->count && found == NULL; i++) {
		struct buf text = {0};

		project_name(list->rows[i].data, &text);
		found = strcmp(buf_text(&text), name) == 0 ? list->rows[i].data : NULL;
		buf_release(&text);
	}
	return found;
}

static const struct org *find_org(struct app *app, const char *name) {
	const struct rowset *orgs = &app_pane_of(app, &view_projects)->head[0];

	for (size_t i = 0; i < orgs->count; i++) {
		if (strcmp(((const struct org *)orgs->rows[i])->name, name) == 0) {
			return orgs->rows[i];
		}
	}
	return NULL;
}

static void set_limit(struct form *form, int64_t limit) {
	char *text = mem_print("%lld", (long long)limit);

	form_set(form, FORM_MAX, limit == NO_LIMIT ? "" : text);
	free(text);
}

/* Fills the form with the current limit. */
static void fill_limit(struct app *app, struct form *form) {
	const struct project *project = find_project(app, form->about);
	struct buf note = {0};

	form_set(form, FORM_NAME, form->about);
	if (project != NULL) {
		set_limit(form, project->max_leases);
		buf_puts(&note, "now ");
		project_use(project, &note);
		form->note = buf_take(&note);
	}
}

static void fill_org_limit(struct app *app, struct form *form) {
	const struct org *org = find_org(app, form->about);
	struct buf note = {0};

	form_set(form, FORM_NAME, form->about);
	if (org != NULL) {
		set_limit(form, org->max_projects);
		buf_puts(&note, "now ");
		org_use(org, &note);
		form->note = buf_take(&note);
	}
}

/* Returns the project whose leases are shown, or the only one that the pool gives to. */
static const char *owner_of(struct app *app, const char *pool) {
	const struct pane *pane = app_pane(app);
	const struct pool *row = pool == NULL ? NULL : find_pool(app, pool);

	if (pane->scope.kind == SCOPE_PROJECT) {
		return pane->scope.text;
	}
	return row == NULL || row->project == NULL ? "" : row->project;
}

static void fill_allocate(struct app *app, struct form *form) {
	form->known = kind_of(app, form->about, &form->kind) != NULL;
	form_set(form, FORM_POOL, form->about == NULL ? "" : form->about);
	form_set(form, FORM_FOR, owner_of(app, form->about));
	form->at = form->about == NULL ? FORM_POOL : FORM_VALUE;
}

/* Fills in the part of the name that is known, such as the organization. */
static void fill_project(struct app *app, struct form *form) {
	(void)app;
	form_set(form, FORM_NAME, form->about == NULL ? "" : form->about);
}

static void fill_org(struct app *app, struct form *form) {
	fill_project(app, form);
}

/* Returns the id that the screen shows for a name; nil when it shows none. */
static struct id shown_id(struct app *app, const struct target *name) {
	const struct pane *pane = app_shown(app);
	char *pool = scope_pool(&pane->scope);
	const char *scope = pool != NULL ? pool : scope_text(&pane->scope, SCOPE_PROJECT);
	const void *found = NULL;
	struct id id = {{0}};

	if (pane->view == &view_pools && name->kind == TARGET_POOL) {
		found = find_pool(app, name->name);
		id = found == NULL ? id : ((const struct pool *)found)->id;
	} else if (pane->view == &view_projects && name->kind == TARGET_PROJECT) {
		found = find_project(app, name->name);
		id = found == NULL ? id : ((const struct project *)found)->id;
	} else if (pane->view == &view_projects && name->kind == TARGET_ORG) {
		found = find_org(app, name->name);
		id = found == NULL ? id : ((const struct org *)found)->id;
	} else if (scope != NULL && name->kind == (pool != NULL ? TARGET_POOL : TARGET_PROJECT) &&
		   strcmp(scope, name->name) == 0) {
		id = pane->scope.id;
	}
	free(pool);
	return id;
}

void form_mode_names(struct app *app) {
	struct form *form = &app->form;

	form_names_note(form);
	for (size_t i = 0; i < form->name_count; i++) {
		form->names[i].seen = shown_id(app, &form->names[i]);
	}
	if (form_names_unknown(form)) {
		app->requests.act = ACT_NAMES;
	}
}

/* Returns true when the left form is to be reopened: it is about the same, or it is unsettled. */
static bool goes_on(const struct form *form, const struct form_kind *is, const char *about) {
	return form_is_open(form) &&
	       (form->unsettled || (form->is == is && (about == NULL || form->about == NULL ||
							  strcmp(form->about, about) == 0)));
}

void form_mode_open(struct app *app, enum form_type type, const char *about) {
	static void (*const fills[])(struct app *, struct form *) = {[FORM_ALLOCATE] = fill_allocate,
	    [FORM_PROJECT] = fill_project,
	    [FORM_LIMIT] = fill_limit,
	    [FORM_ORG] = fill_org,
	    [FORM_ORG_LIMIT] = fill_org_limit};
	struct form *form = &app->form;

	if (!goes_on(form, kinds[type], about)) {
		form_open(form, kinds[type], id_new(), about);
		fills[type](app, form);
		form_mode_names(app);
	} else if (form->unsettled) {
		app_say(app, STYLE_DANGER, "not settled yet: until then nothing else can be %s",
		    kinds[type]->done);
	} else {
		form_mode_names(app);
		app_say(app, STYLE_NORMAL, "reopened as it was; Esc drops it");
	}
	app->mode = MODE_FORM;
	app->requests.flush |= form->at == form->is->count;
}

void form_mode_row(struct app *app, enum form_type type) {
	const struct pane *pane = app_pane(app);
	const struct list_row *row = list_current(&pane->list);
	struct buf about = {0};

	if (type == FORM_ALLOCATE) {
		buf_puts(&about, app_pool(app) == NULL ? "" : app_pool(app));
	} else if (row != NULL) {
		pane->view->form(row->data, (int)type, &about);
	}
	form_mode_open(app, type, about.len == 0 ? NULL : buf_text(&about));
	buf_release(&about);
}

/* Leaves it. What was typed is kept once: it is dropped when the form is reopened and left as it was. */
static void leave(struct app *app) {
	struct form *form = &app->form;
	char id[ID_TEXT];

	app->mode = MODE_LIST;
	if (form->unsettled) {
		app_say(app, STYLE_DANGER, "%s may have been %s: %s opens it again", id_text(form->id, id),
		    form->is->done, form->is->key);
	} else if (form->touched || app_refuses(app, NEED_CHANGE) != NULL) {
		form->touched = false;
		app_say(app, STYLE_WARNING, "nothing was %s; the typed text is kept: %s%s opens it again",
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
	app_say(app, STYLE_DANGER, "not settled: %s shows the outcome", buf_text(&command));
	buf_release(&command);
	form_release(&app->form);
}

void form_mode_key(struct app *app, const struct key_event *event) {
	switch (form_key(&app->form, event)) {
	case FORM_ASKS:
		app->requests.flush = true;
		break;
	case FORM_SUBMITTED:
		if (write_mode_allows(app)) {
			app->requests.act = ACT_FORM;
		}
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
