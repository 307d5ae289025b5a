#include "ui/console/app/scope_watch.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "db/batch/batch.h"
#include "db/batch/rows.h"
#include "model/named.h"
#include "ui/console/app/app.h"

/* Returns the kind of what the pane is limited to; NULL when that has no name. */
static const char *kind_of(const struct pane *pane) {
	switch (pane->scope.kind) {
	case SCOPE_POOL:
		return "pool";
	case SCOPE_HOLDER:
		return *pane->scope.text == '/' ? NULL : "pool";
	case SCOPE_PROJECT:
		return "project";
	case SCOPE_COMMAND:
		return "command";
	case SCOPE_ONE:
		return pane->view == &view_pools ? "pool" : NULL;
	default:
		return NULL;
	}
}

/* Returns its name, for the caller to free. */
static char *name_of(const struct scope *scope) {
	char *pool = scope_pool(scope);

	return pool != NULL ? pool : mem_text(scope->text);
}

bool scope_watch_add(const struct pane *pane, struct batch *b) {
	const char *kind = kind_of(pane);
	struct id id = pane->scope.id;
	char *name;

	if (kind == NULL) {
		return false;
	}
	name = name_of(&pane->scope);
	if (pane->scope.kind == SCOPE_COMMAND && !id_parse(name, &id)) {
		id = pane->scope.id;
	}
	(void)named_find_add(b, kind, id, name);
	free(name);
	return true;
}

/* Gives the scope the name that its pool has now. */
static void follow(struct scope *scope, const char *name) {
	char *words = scope->words == NULL || scope->kind == SCOPE_HOLDER ? NULL : mem_text(name);
	struct scope next = scope->kind == SCOPE_HOLDER ? scope_holder(name, scope_holder_name(scope))
							: scope_new(scope->kind, name);

	if (words != NULL) {
		next.words = words;
	}
	next.id = scope->id;
	scope_release(scope);
	*scope = next;
}

/* Leaves a pane for something that does not exist, and says so. One in the background is left alone. */
static void leave(struct app *app, const struct pane *pane, const struct named *found, const char *name) {
	const char *kind = kind_of(pane);

	if (pane != app_shown(app) || app->mode != MODE_LIST) {
		return;
	}
	if (found != NULL && found->live) {
		app_say(
		    app, STYLE_DANGER, "%s %s does not exist; it was renamed to %s", kind, name, found->name);
	} else {
		app_say(app, STYLE_DANGER, "%s %s %s", kind, name,
		    found == NULL ? "does not exist" : "does not exist any more");
	}
	app->requests.refresh |= trail_back(&app->trail);
}

bool scope_watch_answered(struct app *app, struct pane *pane, const struct batch *b, size_t step) {
	const struct named *found = batch_count(b, step) == 0 ? NULL : batch_row(b, step, 0);
	char *name = name_of(&pane->scope);
	bool same = found != NULL && found->live && strcmp(found->name, name) == 0;
	bool known = found != NULL && id_equal(found->id, pane->scope.id);

	if (found != NULL && !found->renamed) {
		pane->scope.id = found->id;
	}
	if (!same && known && found->live) {
		app_say(app, STYLE_NORMAL, "pool %s is called %s now", name, found->name);
		follow(&pane->scope, found->name);
		app->requests.refresh = true;
	} else if (!same) {
		leave(app, pane, found, name);
	}
	free(name);
	return same;
}
