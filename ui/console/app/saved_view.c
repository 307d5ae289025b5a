#include "ui/console/app/saved_view.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/err.h"
#include "db/base/mem.h"
#include "ui/config/views.h"
#include "ui/console/app/app.h"
#include "ui/console/list/column_choice.h"
#include "ui/verbs/parse/nearest.h"

/* Returns the scope as words, "pool web", for the caller to free; NULL when its kind has no word. */
static char *scope_as_words(const struct scope *scope) {
	if (scope->kind == SCOPE_NONE) {
		return mem_text("");
	}
	return scope_word(scope->kind) == NULL ? NULL
					       : mem_print("%s %s", scope_word(scope->kind), scope->text);
}

/* Checks that no other view has the name. */
static bool check_new(const char *name, struct err *err) {
	struct saved_views saved = {0};
	bool ok = saved_views_read(&saved, err);

	if (ok && saved_views_find(&saved, name) != NULL) {
		(void)err_set(err, ERR_ALREADY_EXISTS, "view %s already exists", name);
		ok = err_hint(err, "--force replaces it");
	}
	saved_views_release(&saved);
	return ok;
}

bool saved_view_take(struct app *app, const char *name, bool replace, struct err *err) {
	const struct pane *pane = app_pane(app);
	struct buf hidden = {0};
	struct buf sort = {0};
	char id[ID_TEXT];
	struct saved_view view = {.name = mem_text(name),
	    .screen = mem_text(pane->view->name),
	    .scope = scope_as_words(&pane->scope),
	    .scope_id = mem_text(id_is_nil(pane->scope.id) ? "" : id_text(pane->scope.id, id)),
	    .filter = mem_text(pane->filter),
	    .all = pane->all};
	bool ok;

	for (size_t n = strlen(view.filter); n > 0 && view.filter[n - 1] == ' '; n--) {
		view.filter[n - 1] = '\0'; /* it means nothing there */
	}
	columns_words(pane->view, pane->hidden, &hidden);
	view.hidden = buf_take(&hidden);
	view_sort_words(pane->view, pane->sort, pane->reverse, &sort);
	view.sort = buf_take(&sort);
	ok = view.scope == NULL ? err_set(err, ERR_INVALID_INPUT, "this screen cannot be saved")
				: (replace || check_new(name, err)) && saved_view_write(&view, err);
	if (ok) {
		app_say(app, STYLE_NORMAL, "saved as %s; v shows the saved views", name);
	}
	free(view.name);
	free(view.screen);
	free(view.scope);
	free(view.scope_id);
	free(view.filter);
	free(view.sort);
	free(view.hidden);
	return ok;
}

static bool read_scope(const char *words, struct scope *scope) {
	const char *text = strchr(words, ' ');
	char *kind = mem_print("%.*s", (int)strcspn(words, " "), words);
	enum scope_kind found = scope_kind_of(kind);

	free(kind);
	if (*words != '\0' && (text == NULL || found == SCOPE_NONE)) {
		return false;
	}
	*scope = scope_new(found, text == NULL ? NULL : text + 1);
	return true;
}

static bool show(struct app *app, const struct saved_view *saved, struct err *err) {
	const struct view *view = view_find(saved->screen);
	struct scope scope = {0};
	int sort = 0;
	bool reverse = false;

	if (view == NULL || !read_scope(saved->scope, &scope)) {
		return err_set(err, ERR_INVALID_INPUT, "view %s: there is no screen \"%s\" of \"%s\"",
		    saved->name, saved->screen, saved->scope);
	}
	if (*saved->scope_id != '\0' && !id_parse(saved->scope_id, &scope.id)) {
		scope_release(&scope);
		return err_set(
		    err, ERR_INVALID_INPUT, "view %s: \"%s\" is not an id", saved->name, saved->scope_id);
	}
	app_scope(app, view, scope);
	app_pane(app)->hidden = columns_hidden(view, saved->hidden);
	if (!view_sort_read(view, saved->sort, &sort, &reverse)) {
		sort = view->first;
	}
	app_sort(app, sort, reverse);
	app_all(app, saved->all);
	if (!app_filter(app, saved->filter)) {
		app_open_filter(app, saved->filter); /* shows the error */
	}
	return true;
}

bool saved_view_show(struct app *app, const char *name, struct err *err) {
	struct saved_views saved = {0};
	struct nearest near = {.typed = name};
	const struct saved_view *found;
	bool ok;

	if (!saved_views_read(&saved, err)) {
		return false;
	}
	found = saved_views_find(&saved, name);
	if (found != NULL) {
		ok = show(app, found, err);
	} else {
		for (size_t i = 0; i < saved.count; i++) {
			nearest_offer(&near, saved.items[i].name);
		}
		(void)err_set(err, ERR_INVALID_INPUT, "there is no saved view '%s'", name);
		ok = nearest_hint(&near, "", "", NULL, err);
	}
	saved_views_release(&saved);
	return ok;
}
