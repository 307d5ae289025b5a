/*
 * Saved views: screens with their scope, filter, sort and columns, under names. They are kept in the file
 * `views` in the folder of the configuration:
 *
 *     [view web-prod]
 *     screen = leases
 *     scope = pool web
 *     scope-id = 0191e0c2-0000-4000-8000-00000000000a
 *     filter = /env=prod
 *     sort = newest reverse
 *     all = no
 *     hidden = PROJECT, LABELS
 */
#ifndef UI_CONFIG_VIEWS_H
#define UI_CONFIG_VIEWS_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* The texts are owned, and never NULL in a view that was read. */
struct saved_view {
	char *name;
	char *screen;
	char *scope; /* its kind and its text, "pool web"; "" for none */
	char
	    *scope_id; /* the id of that pool or project, which may be called otherwise by now; "" for none */
	char *filter;  /* as typed */
	char *sort;
	bool all;     /* also ended rows */
	char *hidden; /* the columns that are not shown, "PROJECT, LABELS" */
};

/* `struct saved_views v = {0}` has none. */
struct saved_views {
	struct saved_view *items;
	size_t count;
};

/* Reads the file; without one there are none. A fault is told with its line. */
bool saved_views_read(struct saved_views *views, struct err *err) __attribute__((warn_unused_result));
void saved_views_release(struct saved_views *views);

/* Returns the view of that name, or NULL. */
const struct saved_view *saved_views_find(const struct saved_views *views, const char *name);

/* Adds a view to the file, in place of one with its name. Refuses a name that is none, and texts that a line
 * of the file cannot hold. */
bool saved_view_write(const struct saved_view *view, struct err *err) __attribute__((warn_unused_result));

#endif
