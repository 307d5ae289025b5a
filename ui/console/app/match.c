#include "ui/console/app/match.h"

#include <stdlib.h>
#include <string.h>

#include "ui/console/app/app.h"

enum { TOLD = 10 }; /* most candidates that are shown */

void match_release(struct match *m) {
	buf_release(&m->first);
	buf_release(&m->names);
}

void match_offer(struct match *m, const char *name) {
	size_t same = 0;

	if (strncmp(name, m->word, strlen(m->word)) != 0) {
		return;
	}
	if (m->count == 0) {
		buf_puts(&m->first, name);
		m->common = strlen(name);
	}
	while (same < m->common && name[same] == buf_text(&m->first)[same]) {
		same++;
	}
	m->common = same;
	m->count++;
	if (m->count <= TOLD) {
		buf_printf(&m->names, "%s%s", m->names.len > 0 ? "  " : "", name);
	}
}

void match_offer_list(struct match *m, const char *const *names) {
	for (; names != NULL && *names != NULL; names++) {
		match_offer(m, *names);
	}
}

void match_apply(struct app *app, const struct match *m, size_t at) {
	const char *typed = line_editor_text(&app->command) + at;
	struct buf text = {0};
	bool longer = m->count == 1 ||
		      (m->common >= strlen(typed) && strncmp(buf_text(&m->first), typed, strlen(typed)) == 0);
	bool ended =
	    m->count == 1 && m->common > 0 && strchr("/=", buf_text(&m->first)[m->common - 1]) == NULL;

	if (m->count > 0 && longer) {
		buf_add(&text, line_editor_text(&app->command), at);
		buf_add(&text, buf_text(&m->first), m->common);
		buf_puts(&text, ended ? " " : "");
		line_editor_set(&app->command, buf_text(&text));
		free(app->rejected);
		app->rejected = NULL;
	}
	if (m->count != 1) {
		app_say(app, STYLE_NORMAL, "%s", m->count == 0 ? "nothing to complete" : buf_text(&m->names));
	}
	buf_release(&text);
}
