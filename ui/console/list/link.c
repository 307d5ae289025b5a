/*
 * Places to go to: by what a row names.
 */
#include "ui/console/list/action.h"

#include <stdlib.h>
#include <string.h>

#include "db/base/mem.h"
#include "ui/console/list/view.h"

/* Kinds of things, and the screen that shows one. An organization has none: its projects are shown. */
static const struct {
	const char *kind;
	const struct view *view;
	bool by_id;
	bool filters;
} screens[] = {
    {"lease", &view_leases, .by_id = true},
    {"resource", &view_resources, .by_id = true},
    {"command", &view_queue, .by_id = true},
    {"pool", &view_pools},
    {"project", &view_projects},
    {"org", &view_projects, .filters = true},
};

struct jump jump_to(const char *kind, struct id id, const char *name) {
	struct jump jump = {0};
	char text[ID_TEXT];

	for (size_t i = 0; i < sizeof screens / sizeof *screens; i++) {
		if (strcmp(screens[i].kind, kind) != 0) {
			continue;
		}
		jump.view = screens[i].view;
		if (screens[i].filters) {
			buf_printf(&jump.filter, "%s/", name);
		} else {
			jump.scope = scope_one(screens[i].by_id ? id_text(id, text) : name, name);
		}
	}
	return jump;
}

void jump_release(struct jump *jump) {
	scope_release(&jump->scope);
	buf_release(&jump->filter);
	free(jump->environment);
	*jump = (struct jump){0};
}

void links_add(struct links *links, const char *what, struct jump jump) {
	if (jump.view == NULL) {
		jump_release(&jump);
		return;
	}
	links->items = mem_grow(links->items, links->count + 1, sizeof *links->items);
	links->items[links->count++] = (struct link){what, jump};
}

void links_release(struct links *links) {
	for (size_t i = 0; i < links->count; i++) {
		jump_release(&links->items[i].jump);
	}
	free(links->items);
	*links = (struct links){0};
}
