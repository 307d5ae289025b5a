/*
 * Places for the tables of the console: its keys and screens.
 */
#include "ui/manual/manual.h"

#include <string.h>

#include "db/base/buf.h"
#include "model/syntax/filter.h"
#include "ui/console/app/keymap.h"
#include "ui/console/list/view.h"
#include "ui/manual/mdoc.h"

/* Puts the keys. */
static bool put_keys(const char *words, struct buf *out) {
	buf_puts(out, ".Bl -tag -width Ds -compact\n");
	for (const struct key *key = keys; key->request != REQUEST_NONE; key++) {
		struct buf text = {0};

		buf_puts(out, ".It Ic");
		mdoc_argument(key->names, strlen(key->names), out);
		buf_printf(&text, "%s", key_help(key));
		key_note(key, &text);
		buf_char(out, '\n');
		mdoc_sentence(buf_text(&text), out);
		buf_release(&text);
	}
	buf_puts(out, ".El\n");
	return *words == '\0';
}

/* Appends the fields of the filter of a screen, with the words that they take. */
static void fields(enum filter_rows rows, struct buf *out) {
	for (const struct filter_field *field = filter_fields[rows]; field != NULL && field->name != NULL;
	     field++) {
		buf_puts(out, "Li");
		mdoc_argument(field->name, strlen(field->name), out);
		buf_puts(out, field[1].name != NULL ? " ,\n." : " .\n");
	}
}

/* Puts the screens, with the fields of their filters. */
static bool put_screens(const char *words, struct buf *out) {
	buf_puts(out, ".Bl -tag -width Ds -compact\n");
	for (size_t i = 0; views[i] != NULL; i++) {
		buf_printf(out, ".It Li %s\n", views[i]->name);
		if (views[i]->fields != FILTER_NONE) {
			buf_puts(out, "Fields:\n.");
			fields(views[i]->fields, out);
		}
	}
	buf_puts(out, ".El\n");
	return *words == '\0';
}

const struct place screen_places[] = {
    {"keys", put_keys},
    {"screens", put_screens},
    {0},
};
