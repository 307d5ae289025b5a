#include "ui/console/app/trail.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/base/buf.h"
#include "db/base/mem.h"

void trail_init(struct trail *trail) {
	*trail = (struct trail){0};
	for (size_t i = 0; views[i] != NULL && !views[i]->inner; i++) {
		assert(i < TRAIL_TABS);
		trail->tabs[i].panes[0] = pane_new(views[i], (struct scope){0});
		trail->tabs[i].depth = 1;
	}
}

void trail_begin(struct trail *trail, const struct view *view) {
	pane_free(trail->tabs[0].panes[0]);
	trail->tabs[0].panes[0] = pane_new(view, (struct scope){0});
}

/* Drops the panes above the first `depth` ones. */
static void cut(struct tab *tab, size_t depth) {
	while (tab->depth > depth) {
		pane_free(tab->panes[--tab->depth]);
	}
}

static void visit_release(struct visit *visit) {
	scope_release(&visit->scope);
	free(visit->filter);
}

void trail_release(struct trail *trail) {
	for (size_t i = 0; i < TRAIL_TABS; i++) {
		cut(&trail->tabs[i], 0);
	}
	for (size_t i = 0; i < trail->visited; i++) {
		visit_release(&trail->visits[i]);
	}
	*trail = (struct trail){0};
}

struct pane *trail_top(const struct trail *trail) {
	const struct tab *tab = &trail->tabs[trail->current];

	return tab->panes[tab->depth - 1];
}

const struct pane *trail_below(const struct trail *trail) {
	const struct tab *tab = &trail->tabs[trail->current];

	return tab->depth < 2 ? NULL : tab->panes[tab->depth - 2];
}

struct pane *trail_find(const struct trail *trail, const struct view *view) {
	const struct tab *tab = &trail->tabs[trail->current];

	for (size_t i = tab->depth; i > 0; i--) {
		if (tab->panes[i - 1]->view == view) {
			return tab->panes[i - 1];
		}
	}
	return view->inner ? NULL : trail->tabs[view_index(view)].panes[0];
}

struct pane *trail_asked(const struct trail *trail, uint64_t question) {
	for (size_t i = 0; i < TRAIL_TABS; i++) {
		for (size_t k = 0; k < trail->tabs[i].depth; k++) {
			if (question != 0 && trail->tabs[i].panes[k]->question == question) {
				return trail->tabs[i].panes[k];
			}
		}
	}
	return NULL;
}

void trail_show(struct trail *trail, const struct view *view) {
	size_t tab = view_index(view);

	if (tab == trail->current) {
		cut(&trail->tabs[tab], 1);
	}
	trail->current = tab;
}

void trail_root(struct trail *trail, const struct view *view) {
	trail->current = view_index(view);
	cut(&trail->tabs[trail->current], 1);
}

void trail_push(struct trail *trail, struct pane *pane) {
	struct tab *tab = &trail->tabs[trail->current];

	if (tab->depth == TRAIL_DEPTH) {
		pane_free(tab->panes[1]);
		tab->depth--;
		for (size_t i = 1; i < tab->depth; i++) {
			tab->panes[i] = tab->panes[i + 1];
		}
	}
	tab->panes[tab->depth++] = pane;
}

bool trail_back(struct trail *trail) {
	struct tab *tab = &trail->tabs[trail->current];

	if (tab->depth == 1 && trail->current == 0) {
		return false;
	}
	if (tab->depth > 1) {
		cut(tab, tab->depth - 1);
	} else {
		trail->current = 0;
	}
	return true;
}

void visit_words(const struct visit *visit, struct buf *out) {
	const char *words = scope_words(&visit->scope);

	if (words == NULL) {
		buf_puts(out, visit->view->name);
	} else if (visit->scope.kind == SCOPE_ONE) {
		buf_printf(out, "%s %s", visit->view->one, words);
	} else {
		buf_printf(out, "%s of %s", visit->view->name, words);
	}
	if (*visit->filter != '\0') {
		buf_printf(out, " /%s", visit->filter);
	}
}

static bool is_visit(const struct visit *visit, const struct pane *pane) {
	return visit->view == pane->view && scope_equal(&visit->scope, &pane->scope) &&
	       strcmp(visit->filter, pane->filter) == 0;
}

bool trail_is_here(const struct trail *trail, const struct visit *visit) {
	return is_visit(visit, trail_top(trail));
}

void trail_visit(struct trail *trail) {
	const struct pane *pane = trail_top(trail);
	size_t at = 0;

	while (at < trail->visited && !is_visit(&trail->visits[at], pane)) {
		at++;
	}
	if (at == trail->visited && trail->visited < TRAIL_VISITS) {
		trail->visited++;
	} else {
		at = at == trail->visited ? at - 1 : at;
		visit_release(&trail->visits[at]);
	}
	memmove(&trail->visits[1], &trail->visits[0], at * sizeof *trail->visits);
	trail->visits[0] = (struct visit){pane->view, scope_copy(&pane->scope), mem_text(pane->filter)};
}
